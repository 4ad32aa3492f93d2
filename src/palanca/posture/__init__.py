"""Stand: votes, alignment, presence and coherence of states."""
