"""Plain twins and general solvers that the compiled model is compared with."""
