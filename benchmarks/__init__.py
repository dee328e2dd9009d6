"""What is measured, a module each; run by `python -m benchmarks NAME`."""
