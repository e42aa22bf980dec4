"""What is said without a label: who writes, in prose and signatures, and values that can be nothing else."""
