"""接口: machines call in: banks, departments, employers' own systems. OpenAPI, problem details, signed calls."""
