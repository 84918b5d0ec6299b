"""What schemathesis cannot know of satback: which refusals of fitting data the document does not allow."""

import schemathesis

# Data that fit the schema are understood. What they say may still be refused.
NOT_UNDERSTOOD = {"unknown_field", "unknown_parameter", "invalid_json"}


@schemathesis.check
def fitting_data_are_understood(ctx, response, case):
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code != 400:
        return
    problems = response.json()["errors"]
    strange = [problem for problem in problems if problem["code"] in NOT_UNDERSTOOD]
    assert not strange, f"fits the document, and is refused: {strange}"
