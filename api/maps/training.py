"""The map of training gaps: what it asks, and the records that it is drawn from."""

from __future__ import annotations

from typing import Any

from api.pages.map_choices import Choices
from api.pages.map_questions import Public, ground
from api.pages.map_records import Answers, Drawn, collection, data, feature, frame_of, lands, sources
from maps.controls import Controls
from maps.records import FeatureCollection, TrainingMap

TRAINING = """
query Training($kind: ActorKind!, $metres: Float!, $area: AreaCode!, $language: Language) {
  trainingCoverage(kind: $kind, within: {metres: $metres}, areaCode: $area) {
    coveredPercent coveredUnder18 uncoveredUnder18 trainedActorCount lastTrainingOn assumptions(language: $language)
    uncoveredLocalities(first: 100) { edges { node {
      locality { name point } uncoveredUnder18 nearestDistanceMetres nearestActor { name }
    } } }
  }
  trainingEvents(areaCode: $area, first: 100) { edges { node {
    name endsOn locality { name point } source { illustrative }
  } } }
}
"""


async def ask(by: Public, choices: Choices) -> Answers:
    """Ask for the 100 largest localities out of reach of a trained actor, and the 100 latest trainings."""
    nation, answers = await ground(by, choices.area)
    asked: dict[str, Any] = {
        "kind": choices.actors.name,
        "metres": choices.metres,
        "area": nation.code,
        "language": choices.locale.name.lower(),
    }
    return {**answers, "training": [await by.ask(TRAINING, asked)]}


def draw(answers: Answers, choices: Choices, controls: Controls | None = None) -> Drawn:
    """Draw the map of training gaps."""
    from maps import training as drawing  # noqa: PLC0415

    page = drawing.draw(records(answers, choices), choices.locale, controls)
    return page.html.encode(), page.csp


def records(answers: Answers, choices: Choices) -> TrainingMap:
    """Return the records of the map."""
    regions, others = lands(answers)
    answer = data(answers["training"])
    told = answer["trainingCoverage"]
    gaps = [edge["node"] for edge in told["uncoveredLocalities"]["edges"]]
    return TrainingMap(
        frame=frame_of(answers),
        regions=regions,
        others=others,
        gaps=collection(
            [
                feature(
                    each["locality"]["point"],
                    name=each["locality"]["name"],
                    uncoveredUnder18=each["uncoveredUnder18"],
                    nearestDistanceMetres=each["nearestDistanceMetres"],
                    actorName=each["nearestActor"] and each["nearestActor"]["name"],
                )
                for each in gaps
            ]
        ),
        trainings=_held([edge["node"] for edge in answer["trainingEvents"]["edges"]]),
        kind=choices.actors,
        max_distance_m=choices.metres,
        covered_percent=told["coveredPercent"],
        covered_under_18=told["coveredUnder18"],
        uncovered_under_18=told["uncoveredUnder18"],
        trained_actors=told["trainedActorCount"],
        last_training_on=told["lastTrainingOn"],
        assumptions=tuple(told["assumptions"]),
        sources=sources(data(answers["frame"])),
    )


def _held(events: list[dict[str, Any]]) -> FeatureCollection:
    """Return the localities where trainings were held, each with its own."""
    by_place: dict[str, list[dict[str, Any]]] = {}
    for each in events:
        if each["locality"] and each["locality"]["point"]:
            by_place.setdefault(str(each["locality"]["point"]["coordinates"]), []).append(each)
    return collection(
        [
            feature(
                held[0]["locality"]["point"],
                name=held[0]["locality"]["name"],
                trainings=[{"name": each["name"], "endsOn": each["endsOn"]} for each in held],
                illustrative=any(each["source"]["illustrative"] for each in held),
            )
            for held in by_place.values()
        ]
    )
