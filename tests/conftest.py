"""How random tests are run: the same draws each time, and none shrunk."""

from hypothesis import Phase, settings

# A failure is reported as found: shrinking it can take longer than all tests together.
PHASES = (Phase.explicit, Phase.generate)
settings.register_profile("palanca", deadline=None, max_examples=15, derandomize=True, phases=PHASES)
settings.load_profile("palanca")
