"""Where to build: four location models over children and candidates, solved on HiGHS.

Pure functions on arrays: :mod:`geo.siting.model` says what a problem and a plan are, one file a model solves it, and
:mod:`geo.siting.ranking` puts the sites that were chosen into the order of what each adds.
"""
