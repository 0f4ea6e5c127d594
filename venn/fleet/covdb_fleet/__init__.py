"""covdb_fleet - snapshots of many hosts and kernels, decoded by covdb and asked in SQL on an engine that exists.

docs/fleet.md describes the job, and the dataset that it leaves.
"""
