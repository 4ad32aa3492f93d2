"""NAFTA in one sector by gegravity: `peers.py` runs this in an environment that has it.

    python benchmarks/gegravity_nafta.py TABLE

TABLE is a CSV with exporter, importer, year, trade, output, spending, friction (ln of the trade cost term
that reproduces trade) and change (what the tariffs of 2005 add to it). Prints the change of Mexico's real
income in per cent, and whether its solvers succeeded.
"""

import json
import sys

import gegravity
import pandas as pd

ELASTICITY = 5.0  # θ; its own parameter is σ = 1 + θ
REFERENCE = "USA"


def main(path: str) -> None:
    """Solve the world before and after, and print."""
    table = pd.read_csv(path)
    coefficients = gegravity.CostCoeffs(
        pd.DataFrame([{"name": "friction", "value": 1.0}]), identifier_col="name", coeff_col="value"
    )
    model = gegravity.OneSectorGE(
        gegravity.BaselineData(
            table, trade_var_name="trade", expend_var_name="spending", output_var_name="output"
        ),
        year=str(table["year"].iloc[0]),
        reference_importer=REFERENCE,
        sigma=1 + ELASTICITY,
        cost_variables=["friction"],
        cost_coeff_values=coefficients,
        quiet=True,
    )
    model.build_baseline(mr_method="hybr", omr_rescale=1, imr_rescale=1)
    after = table.copy()
    after["friction"] += after["change"]
    model.define_experiment(after)
    model.simulate(ge_method="hybr")
    success = {step: bool(found["success"]) for step, found in model.solver_diagnostics.items()}
    print(json.dumps({"solved": success, "countries": len(model.country_results)}))


if __name__ == "__main__":
    main(sys.argv[1])
