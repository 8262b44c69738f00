"""Where to build: four location models over children and candidates, solved on HiGHS.

Pure functions on arrays: :mod:`geo.siting.model` defines the problem and the plan, each model is solved in a file of
its own, and :mod:`geo.siting.ranking` orders the chosen sites by what each adds.
"""
