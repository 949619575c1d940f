"""How fast the engine is, as ratios against what its users would write; see ``__main__``."""
