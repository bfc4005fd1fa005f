"""Load, code and analyse interviews and survey text, and check whether the evidence carries the conclusions."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
