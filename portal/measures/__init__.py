"""Key figures of a customer service: what each is called, how it is computed, when it meets its target.

Pure: no tables, no clock. Monitoring stores figures, surveys store answers; both ask this package what they mean.
"""
