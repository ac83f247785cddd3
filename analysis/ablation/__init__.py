"""What each part is worth: every mechanism and every layer of the alliance graph is switched off, on common luck.

``python -m analysis ablation`` lives the worlds, and tells what each part moves. A part is switched off by its neutral forms alone
(:mod:`sim.neutral`).
"""
