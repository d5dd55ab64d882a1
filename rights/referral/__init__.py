"""What is done for a person whose data is in somebody's dataset or model.

Nothing here knows a right, a clock or a refusal.
"""
