"""A second opinion: the law's arithmetic written again, slowly, from the rules and from no engine.

Nothing here imports ``attendance`` or numpy: plain loops over one pupil's year, whole numbers and
fractions. The tests beside it hold the engine to it.
"""
