"""From text to suggestions of events; an analyst confirms, and nothing enters a ledger by itself."""

from palanca.events.coder.coder import Coder, RuleCoder, checked
from palanca.events.coder.documents import Document, documents
from palanca.events.coder.suggestion import Suggestion

__all__ = ["Coder", "Document", "RuleCoder", "Suggestion", "checked", "documents"]
