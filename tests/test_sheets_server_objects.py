"""What hangs on a spreadsheet beside its cells: developer metadata, groups, charts, sizes, protections.

What is asserted comes from Google's reference and guides, and from answers recorded in gspread's test-suite.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sheets_client import Client, connected, put, text
from sheets_server import Book, SheetsServer

ROWS = [["Company", "Interview", "Flag"], ["Acme", "11/20/2026", "Due"], ["Beta", "", ""], ["Corto", "", "Ghosted"]]


@pytest.fixture
def server() -> Iterator[SheetsServer]:
    with SheetsServer() as one:
        yield one
        assert one.errors == []


@pytest.fixture
def book(server: SheetsServer) -> Book:
    return server.add_spreadsheet(rows=ROWS)


@pytest.fixture
def client(server: SheetsServer) -> Iterator[Client]:
    with connected(server) as one:
        yield one


# Developer metadata


def span(dimension: str, index: int, **more: int) -> dict[str, Any]:
    return {"dimensionRange": {"dimension": dimension, "startIndex": index, "endIndex": index + 1, **more}}


def create(location: dict[str, Any], value: str = "flag", **more: Any) -> dict[str, Any]:
    item = {"metadataKey": "sheetflow", "metadataValue": value, "visibility": "DOCUMENT", "location": location, **more}
    return {"createDeveloperMetadata": {"developerMetadata": item}}


def column_values(client: Client, book: Book) -> list[str]:
    """The values of the metadata of each column; a dash for a column without."""
    answer = client.get(book, fields="sheets.data.columnMetadata.developerMetadata(metadataKey,metadataValue)")
    columns = answer["sheets"][0]["data"][0]["columnMetadata"]
    return ["+".join(one["metadataValue"] for one in column.get("developerMetadata", [])) or "-" for column in columns]


def test_metadata_of_every_kind_of_place_is_created_as_the_guide_shows(book: Book, client: Client) -> None:
    places: list[tuple[dict[str, Any], dict[str, Any]]] = [
        ({"spreadsheet": True}, {"locationType": "SPREADSHEET", "spreadsheet": True}),
        ({"sheetId": 0}, {"locationType": "SHEET"}),
        (span("ROWS", 0), {"locationType": "ROW", **span("ROWS", 0)}),
        (span("COLUMNS", 2), {"locationType": "COLUMN", **span("COLUMNS", 2)}),
    ]
    answer = client.batch(book, *(create(given) for given, _ in places))
    made = [reply["createDeveloperMetadata"]["developerMetadata"] for reply in answer["replies"]]
    assert [one["location"] for one in made] == [shown for _, shown in places]
    assert all(one.keys() == {"metadataId", "metadataKey", "metadataValue", "location", "visibility"} for one in made)
    assert len({one["metadataId"] for one in made}) == 4
    whole = client.get(book, includeGridData=True)
    data = whole["sheets"][0]["data"][0]
    assert whole["developerMetadata"] == made[:1]
    assert whole["sheets"][0]["developerMetadata"] == made[1:2]
    assert data["rowMetadata"][0] == {"pixelSize": 21, "developerMetadata": made[2:3]}
    assert data["columnMetadata"][2] == {"pixelSize": 100, "developerMetadata": made[3:]}
    for one in made:
        found = client.call("GET", f"/{book.id}/developerMetadata/{one['metadataId']}")
        assert found.json() == one


def test_a_mask_without_metadata_shows_none(book: Book, client: Client) -> None:
    client.batch(book, create(span("COLUMNS", 1)), create({"spreadsheet": True}))
    answer = client.get(book, fields="properties.locale,sheets.data.columnMetadata.pixelSize")
    assert "developerMetadata" not in str(answer)
    masked = client.get(book, fields="sheets.data.columnMetadata.developerMetadata.metadataValue", ranges="A1:C1")
    columns = masked["sheets"][0]["data"][0]["columnMetadata"]
    assert columns == [{}, {"developerMetadata": [{"metadataValue": "flag"}]}, {}]


def test_the_answer_of_a_write_shows_metadata_too(book: Book, client: Client) -> None:
    answer = client.batch(
        book,
        create(span("COLUMNS", 2)),
        {"insertDimension": {"range": {"dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}}},
        fields="updatedSpreadsheet(developerMetadata,sheets.data.columnMetadata.developerMetadata(location))",
        includeSpreadsheetInResponse=True,
        responseRanges=["Sheet1!1:2"],
    )
    columns = answer["updatedSpreadsheet"]["sheets"][0]["data"][0]["columnMetadata"]
    location = {"locationType": "COLUMN", **span("COLUMNS", 3)}
    assert columns[:4] == [{}, {}, {}, {"developerMetadata": [{"location": location}]}]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"insertDimension": {"range": {"dimension": "COLUMNS", "startIndex": 1, "endIndex": 3}}}, "a - - b c"),
        (
            {
                "insertDimension": {
                    "range": {"dimension": "COLUMNS", "startIndex": 1, "endIndex": 2},
                    "inheritFromBefore": True,
                }
            },
            "a - b c",
        ),
        ({"deleteDimension": {"range": {"dimension": "COLUMNS", "startIndex": 1, "endIndex": 2}}}, "a c"),
        (
            {
                "moveDimension": {
                    "source": {"dimension": "COLUMNS", "startIndex": 2, "endIndex": 3},
                    "destinationIndex": 0,
                }
            },
            "c a b",
        ),
        ({"insertDimension": {"range": {"dimension": "ROWS", "startIndex": 0, "endIndex": 2}}}, "a b c"),
        (put("A1", text("Firm"), {}, {}), "a b c"),
        ({"sortRange": {"range": {"startRowIndex": 1}, "sortSpecs": [{"dimensionIndex": 0}]}}, "a b c"),
        (
            {
                "cutPaste": {
                    "source": {"startColumnIndex": 0, "endColumnIndex": 1},
                    "destination": {"columnIndex": 5},
                }
            },
            "a b c",
        ),
    ],
)
def test_a_columns_metadata_goes_where_the_column_goes(
    change: dict[str, Any], expected: str, book: Book, client: Client
) -> None:
    client.batch(book, *(create(span("COLUMNS", index), value) for index, value in enumerate("abc")))
    client.batch(book, change)
    values = column_values(client, book)
    assert " ".join(values[: len(expected.split())]) == expected
    assert set(values[len(expected.split()) :]) == {"-"}


def test_rows_metadata_goes_with_rows_and_not_with_a_sort(book: Book, client: Client) -> None:
    client.batch(book, create(span("ROWS", 3), "corto"))
    down = {"sortSpecs": [{"dimensionIndex": 0, "sortOrder": "DESCENDING"}], "range": {"startRowIndex": 1}}
    client.batch(book, {"sortRange": down})
    assert "developerMetadata" in book["Sheet1"].rows[3].meta, "a sort moves cells, no rows"
    client.batch(book, {"deleteDimension": {"range": {"dimension": "ROWS", "startIndex": 1, "endIndex": 2}}})
    assert "developerMetadata" in book["Sheet1"].rows[2].meta
    client.batch(book, {"deleteDimension": {"range": {"dimension": "ROWS", "startIndex": 2, "endIndex": 3}}})
    assert not client.call("POST", f"/{book.id}/developerMetadata:search", {"dataFilters": [lookup()]}).json()


def test_the_metadata_of_a_tab_goes_with_the_tab(server: SheetsServer, book: Book, client: Client) -> None:
    server.person(book).add_tab("Other")
    other = book["Other"].sheet_id
    client.batch(book, create({"sheetId": other}, "to_send"))
    server.person(book).on("Other").rename_tab("Mine").move_tab("Mine", 0)
    shown = client.get(book, fields="sheets(properties(title,sheetId),developerMetadata.metadataValue)")["sheets"]
    assert shown[0]["developerMetadata"] == [{"metadataValue": "to_send"}]
    client.batch(book, {"deleteSheet": {"sheetId": other}})
    assert "to_send" not in str(client.get(book))


def lookup(**fields: Any) -> dict[str, Any]:
    return {"developerMetadataLookup": {"metadataKey": "sheetflow", **fields}}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, "book tab row col b"),
        ({"metadataValue": "col"}, "col"),
        ({"metadataKey": "other"}, ""),
        ({"locationType": "COLUMN"}, "col b"),
        ({"locationType": "SPREADSHEET"}, "book"),
        ({"visibility": "PROJECT"}, ""),
        ({"metadataLocation": span("COLUMNS", 2)}, "tab row col"),
        ({"metadataLocation": span("ROWS", 1)}, "tab row col b"),
        ({"metadataLocation": span("ROWS", 2)}, "tab col b"),
        ({"metadataLocation": {"sheetId": 0}}, "tab row col b"),
        ({"metadataLocation": {"spreadsheet": True}}, "book"),
        ({"metadataLocation": span("COLUMNS", 2), "locationMatchingStrategy": "EXACT_LOCATION"}, "col"),
        ({"metadataLocation": span("COLUMNS", 2), "locationType": "ROW"}, "row"),
    ],
)
def test_a_lookup_selects_what_meets_all_its_fields(
    fields: dict[str, Any], expected: str, book: Book, client: Client
) -> None:
    places = {"book": {"spreadsheet": True}, "tab": {"sheetId": 0}, "row": span("ROWS", 1), "col": span("COLUMNS", 2)}
    client.batch(book, *(create(place, value) for value, place in {**places, "b": span("COLUMNS", 4)}.items()))
    body = {"dataFilters": [lookup(**fields)]}
    found = client.call("POST", f"/{book.id}/developerMetadata:search", body).json()
    matched = found.get("matchedDeveloperMetadata", [])
    assert " ".join(one["developerMetadata"]["metadataValue"] for one in matched) == expected
    assert all(one["dataFilters"] == body["dataFilters"] for one in matched)


@pytest.mark.parametrize(
    "fields",
    [
        {"locationMatchingStrategy": "EXACT_LOCATION"},
        {
            "metadataLocation": {"sheetId": 0},
            "locationType": "SHEET",
            "locationMatchingStrategy": "EXACT_LOCATION",
        },
        {"metadataLocation": {"sheetId": 0}, "locationType": "SPREADSHEET"},
    ],
)
def test_lookups_that_the_reference_rules_out(fields: dict[str, Any], book: Book, client: Client) -> None:
    client.batch(book, create({"sheetId": 0}))
    assert "location" in client.refused(book, {"deleteDeveloperMetadata": {"dataFilter": lookup(**fields)}})


def test_metadata_is_deleted_by_id_and_deleting_nothing_is_no_error(book: Book, client: Client) -> None:
    client.batch(book, create(span("COLUMNS", 0), "a", metadataId=7), create(span("COLUMNS", 0), "b"))
    by_id = {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataId": 7}}}}
    (reply,) = client.batch(book, by_id)["replies"]
    gone = reply["deleteDeveloperMetadata"]["deletedDeveloperMetadata"]
    assert [one["metadataId"] for one in gone] == [7]
    assert column_values(client, book)[0] == "b"
    assert client.batch(book, by_id)["replies"] == [{"deleteDeveloperMetadata": {}}]
    client.batch(book, {"deleteDeveloperMetadata": {"dataFilter": lookup()}})
    assert "developerMetadata" not in str(client.get(book, includeGridData=True))


def test_metadata_is_updated_and_moved(book: Book, client: Client) -> None:
    client.batch(book, create(span("COLUMNS", 0), "old"))
    item = {"metadataValue": "new", "location": span("COLUMNS", 3)}
    update = {"dataFilters": [lookup()], "developerMetadata": item, "fields": "location,metadataValue"}
    (reply,) = client.batch(book, {"updateDeveloperMetadata": update})["replies"]
    assert reply["updateDeveloperMetadata"]["developerMetadata"][0]["location"]["dimensionRange"]["startIndex"] == 3
    assert column_values(client, book)[:4] == ["-", "-", "-", "new"]


@pytest.mark.parametrize(
    ("item", "message"),
    [
        ({"visibility": "DOCUMENT", "location": {"sheetId": 0}}, "must have a metadataKey"),
        ({"metadataKey": "k", "location": {"sheetId": 0}}, "a visibility"),
        ({"metadataKey": "k", "visibility": "DOCUMENT"}, "a location"),
        ({"metadataKey": "k", "visibility": "DOCUMENT", "location": {}}, "Exactly one location"),
        ({"metadataKey": "k", "visibility": "DOCUMENT", "location": {"sheetId": 99}}, "No grid with id: 99"),
        (
            {
                "metadataKey": "k",
                "visibility": "DOCUMENT",
                "location": {"dimensionRange": {"dimension": "COLUMNS", "startIndex": 1, "endIndex": 3}},
            },
            "a single row or column",
        ),
        (
            {"metadataKey": "k", "visibility": "DOCUMENT", "location": {"dimensionRange": {"dimension": "COLUMNS"}}},
            "a single row or column",
        ),
        ({"metadataKey": "k", "visibility": "DOCUMENT", "location": span("COLUMNS", 26)}, "beyond the grid size (26)"),
        ({"metadataKey": "k", "visibility": "DOCUMENT", "location": {"sheetId": 0}, "metadataId": -1}, "positive"),
        ({"metadataKey": "k", "visibility": "DOCUMENT", "location": {"sheetId": 0}, "metadataId": 5}, "with ID [5]"),
    ],
)
def test_metadata_that_is_refused(item: dict[str, Any], message: str, book: Book, client: Client) -> None:
    client.batch(book, create({"spreadsheet": True}, metadataId=5))
    assert message in client.refused(book, {"createDeveloperMetadata": {"developerMetadata": item}})
    assert client.get(book, fields="sheets.developerMetadata") == {"sheets": [{}]}


def test_a_batch_that_fails_leaves_no_metadata_behind(book: Book, client: Client) -> None:
    client.batch(book, create(span("COLUMNS", 1)))
    client.refused(book, create(span("COLUMNS", 1), "b"), create(span("COLUMNS", 99)))
    assert column_values(client, book)[1] == "flag"


def test_thirty_thousand_characters_for_the_spreadsheet_and_each_tab(book: Book, client: Client) -> None:
    client.batch(book, create(span("COLUMNS", 0), "x" * 29_990), create({"spreadsheet": True}, "y" * 29_991))
    assert "30000" in client.refused(book, create(span("ROWS", 0), "z"))
    assert "30000" in client.refused(book, create({"spreadsheet": True}, "z"))
    client.batch(book, {"addSheet": {"properties": {"sheetId": 4}}}, create({"sheetId": 4}, "z" * 29_991))


def test_project_metadata_is_for_the_project_that_made_it(server: SheetsServer, book: Book, client: Client) -> None:
    other = "runner@somebody-else.iam.example"
    book.roles[other] = "writer"
    client.batch(book, create(span("COLUMNS", 0), "mine", visibility="PROJECT"), create(span("COLUMNS", 0), "ours"))
    with connected(server, other) as stranger:
        assert column_values(stranger, book)[0] == "ours"
        stranger.batch(book, {"deleteDeveloperMetadata": {"dataFilter": lookup()}})
        assert column_values(stranger, book)[0] == "-"
    assert column_values(client, book)[0] == "mine"


def test_a_duplicated_tab_has_the_metadata_twice_under_ids_of_its_own(
    server: SheetsServer, book: Book, client: Client
) -> None:
    client.batch(book, create(span("COLUMNS", 2), "flag"), create({"sheetId": 0}, "tracker"))
    server.person(book).duplicate_tab("Sheet1")
    body = {"dataFilters": [lookup()]}
    found = client.call("POST", f"/{book.id}/developerMetadata:search", body).json()["matchedDeveloperMetadata"]
    items = [one["developerMetadata"] for one in found]
    assert sorted(one["metadataValue"] for one in items) == ["flag", "flag", "tracker", "tracker"]
    assert len({one["metadataId"] for one in items}) == 4


# Groups


def group(first: str, last: str) -> dict[str, Any]:
    start, end = ord(first) - ord("A"), ord(last) - ord("A") + 1
    return {"range": {"dimension": "COLUMNS", "startIndex": start, "endIndex": end}}


def shown_groups(client: Client, book: Book) -> str:
    found = client.get(book, fields="sheets.columnGroups")["sheets"][0].get("columnGroups", [])
    letters = [
        f"{chr(65 + one['range']['startIndex'])}:{chr(64 + one['range']['endIndex'])} {one['depth']}"
        f"{' collapsed' if one.get('collapsed') else ''}"
        for one in found
    ]
    return ", ".join(letters)


def test_a_group_is_answered_as_recorded(book: Book, client: Client) -> None:
    span_ = {"dimension": "COLUMNS", "startIndex": 0, "endIndex": 2}
    added = client.batch(book, {"addDimensionGroup": {"range": {"sheetId": 0, **span_}}})
    assert added["replies"] == [{"addDimensionGroup": {"dimensionGroups": [{"range": span_, "depth": 1}]}}]
    assert client.get(book)["sheets"][0]["columnGroups"] == [{"range": span_, "depth": 1}]
    gone = client.batch(book, {"deleteDimensionGroup": {"range": {"sheetId": 0, **span_}}})
    assert gone["replies"] == [{"deleteDimensionGroup": {}}]
    assert "columnGroups" not in client.get(book)["sheets"][0]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("C:D", "B:E", "B:E 1, C:D 2"),
        ("B:E", "C:D", "B:E 1, C:D 2"),
        ("B:D", "C:E", "B:E 1, C:D 2"),
        ("B:C", "D:E", "B:E 1"),
        ("B:C", "E:F", "B:C 1, E:F 1"),
        ("B:C", "B:C", "B:C 1, B:C 2"),
    ],
)
def test_groups_nest_as_the_reference_says(first: str, second: str, expected: str, book: Book, client: Client) -> None:
    client.batch(book, *({"addDimensionGroup": group(*each.split(":"))} for each in (first, second)))
    assert shown_groups(client, book) == expected


def test_deleting_part_of_nested_groups_as_the_reference_says(book: Book, client: Client) -> None:
    client.batch(book, {"addDimensionGroup": group("B", "E")}, {"addDimensionGroup": group("C", "D")})
    client.batch(book, {"deleteDimensionGroup": group("D", "E")})
    assert shown_groups(client, book) == "B:D 1, C:C 2"


def test_collapsing_hides_and_expanding_shows(book: Book, client: Client) -> None:
    client.batch(book, {"addDimensionGroup": group("B", "C")})
    state = {"dimensionGroup": {**group("B", "C"), "depth": 1, "collapsed": True}, "fields": "collapsed"}
    client.batch(book, {"updateDimensionGroup": state})
    assert shown_groups(client, book) == "B:C 1 collapsed"
    hidden = [bool(column.get("hiddenByUser")) for column in book["Sheet1"].columns[:4]]
    assert hidden == [False, True, True, False]
    columns = client.get(book, fields="sheets.data.columnMetadata")["sheets"][0]["data"][0]["columnMetadata"]
    assert columns[1] == {"pixelSize": 100, "hiddenByUser": True}
    state["dimensionGroup"]["collapsed"] = False  # type: ignore[index] # a dict in a dict
    client.batch(book, {"updateDimensionGroup": state})
    assert shown_groups(client, book) == "B:C 1"
    assert not any(column.get("hiddenByUser") for column in book["Sheet1"].columns)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({**group("B", "C"), "depth": 2, "collapsed": True}, "no group"),
        ({**group("B", "D"), "depth": 1, "collapsed": True}, "no group"),
        ({**group("B", "C"), "collapsed": True}, "no group"),
    ],
)
def test_a_group_that_is_not_there_is_not_updated(
    change: dict[str, Any], message: str, book: Book, client: Client
) -> None:
    client.batch(book, {"addDimensionGroup": group("B", "C")})
    refused = client.refused(book, {"updateDimensionGroup": {"dimensionGroup": change, "fields": "collapsed"}})
    assert message in refused


def test_groups_have_limits(book: Book, client: Client) -> None:
    assert "inside" in client.refused(book, {"addDimensionGroup": {"range": {"dimension": "COLUMNS", "endIndex": 27}}})
    client.batch(book, *([{"addDimensionGroup": group("A", "B")}] * 8))
    assert "8" in client.refused(book, {"addDimensionGroup": group("B", "C")})
    assert "no group" in client.refused(book, {"deleteDimensionGroup": group("B", "C")})


def test_groups_follow_inserted_moved_and_deleted_columns(server: SheetsServer, book: Book, client: Client) -> None:
    client.batch(book, {"addDimensionGroup": group("B", "C")})
    anna = server.person(book)
    anna.insert_column("Company")
    assert shown_groups(client, book) == "C:D 1"
    anna.insert_column("Flag")
    assert shown_groups(client, book) == "C:E 1", "what is inserted inside is of the group"
    anna.delete_column("Interview")
    assert shown_groups(client, book) == "C:D 1"


# Sizes, and the theme


def test_heights_and_widths_are_read_as_they_are_set(server: SheetsServer, book: Book, client: Client) -> None:
    rows = {"range": {"dimension": "ROWS", "startIndex": 1, "endIndex": 2}, "properties": {"pixelSize": 84}}
    client.batch(book, {"updateDimensionProperties": {**rows, "fields": "pixelSize"}})
    server.person(book).resize_row(4, 50).widen_column("Flag", 60)
    data = client.get(book, fields="sheets.data(rowMetadata.pixelSize,columnMetadata.pixelSize)")["sheets"][0]["data"][
        0
    ]
    assert [row["pixelSize"] for row in data["rowMetadata"][:5]] == [21, 84, 21, 50, 21]
    assert [column["pixelSize"] for column in data["columnMetadata"][:4]] == [100, 100, 60, 100]


def test_writing_a_size_keeps_groups_and_metadata(book: Book, client: Client) -> None:
    client.batch(book, {"addDimensionGroup": group("B", "C")}, create(span("COLUMNS", 1)))
    change = {**group("B", "B"), "properties": {"pixelSize": 40}, "fields": "*"}
    client.batch(book, {"updateDimensionProperties": change})
    assert shown_groups(client, book) == "B:C 1"
    assert column_values(client, book)[1] == "flag"


def test_the_theme_is_sent(book: Book, client: Client) -> None:
    theme = client.get(book)["properties"]["spreadsheetTheme"]
    assert theme["primaryFontFamily"] == "Arial"
    assert theme["themeColors"][-1] == {
        "colorType": "LINK",
        "color": {"rgbColor": {"red": 0.06666667, "green": 0.33333334, "blue": 0.8}},
    }


# Protections


def test_the_owner_is_among_the_editors_even_behind_a_warning(book: Book, client: Client) -> None:
    area = {"startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 2}
    new = {"range": {"sheetId": 0, **area}, "warningOnly": True, "editors": None}
    (reply,) = client.batch(book, {"addProtectedRange": {"protectedRange": new}})["replies"]
    made = reply["addProtectedRange"]["protectedRange"]
    assert made == {
        "protectedRangeId": made["protectedRangeId"],
        "range": area,
        "warningOnly": True,
        "requestingUserCanEdit": True,
        "editors": {},
    }
    (shown,) = client.get(book)["sheets"][0]["protectedRanges"]
    assert shown == made | {"editors": {"users": ["owner@people.example"]}}


def test_editors_are_for_those_who_may_edit_to_see(server: SheetsServer, book: Book, client: Client) -> None:
    server.person(book).protect("A1:A2")
    (shown,) = client.get(book)["sheets"][0]["protectedRanges"]
    assert "editors" not in shown
    assert "requestingUserCanEdit" not in shown


def test_ids_of_protections_are_unique_and_holes_need_a_protected_sheet(book: Book, client: Client) -> None:
    one = {"protectedRangeId": 5, "warningOnly": True, "range": {"startColumnIndex": 0, "endColumnIndex": 1}}
    client.batch(book, {"addProtectedRange": {"protectedRange": one}})
    assert "id 5 already exists" in client.refused(book, {"addProtectedRange": {"protectedRange": one}})
    holes = {"unprotectedRanges": [{"startRowIndex": 0, "endRowIndex": 1}]}
    part = {"range": one["range"], **holes}
    assert "protected sheets" in client.refused(book, {"addProtectedRange": {"protectedRange": part}})
    client.batch(book, {"addProtectedRange": {"protectedRange": {"range": {"sheetId": 0}, **holes}}})


# Tabs and charts


def test_a_tab_with_a_chosen_id(book: Book, client: Client) -> None:
    new = {"sheetId": 77, "title": "To send", "index": 1, "gridProperties": {"rowCount": 20, "columnCount": 9}}
    (reply,) = client.batch(book, {"addSheet": {"properties": new}})["replies"]
    assert reply["addSheet"]["properties"] == {**new, "sheetType": "GRID"}
    for other, words in (({"sheetId": 77}, "77"), ({"title": "to SEND"}, "already exists"), ({"sheetId": -1}, "negat")):
        assert words in client.refused(book, {"addSheet": {"properties": other}})
    assert "too high" in client.refused(book, {"addSheet": {"properties": {"index": 9}}})


def source(column: int, first: int = 0, end: int = 4) -> dict[str, Any]:
    grid = {"startRowIndex": first, "endRowIndex": end, "startColumnIndex": column, "endColumnIndex": column + 1}
    return {"sourceRange": {"sources": [{"sheetId": 0, **grid}]}}


def chart(**more: Any) -> dict[str, Any]:
    basic = {
        "chartType": "BAR",
        "headerCount": 1,
        "domains": [{"domain": source(0)}],
        "series": [{"series": source(2), "targetAxis": "BOTTOM_AXIS"}],
    }
    spec = {"title": "How far", "altText": "made by a test", "basicChart": basic}
    anchor = {"anchorCell": {"sheetId": 0, "rowIndex": 1, "columnIndex": 4}, "heightPixels": 200}
    return {"addChart": {"chart": {"chartId": 9, "spec": spec, "position": {"overlayPosition": anchor}, **more}}}


def test_a_chart_with_a_chosen_id_reads_back(book: Book, client: Client) -> None:
    (reply,) = client.batch(book, chart())["replies"]
    made = reply["addChart"]["chart"]
    assert made["chartId"] == 9
    assert made["position"]["overlayPosition"] == {
        "anchorCell": {"rowIndex": 1, "columnIndex": 4},
        "widthPixels": 600,
        "heightPixels": 200,
    }
    assert client.get(book)["sheets"][0]["charts"] == [made]
    masked = client.get(book, fields="sheets.charts(chartId,spec(title,altText))")
    assert masked["sheets"][0]["charts"] == [{"chartId": 9, "spec": {"title": "How far", "altText": "made by a test"}}]
    assert "9 already exists" in client.refused(book, chart())
    client.batch(book, {"addSheet": {"properties": {"sheetId": 4}}})
    assert "9 already exists" in client.refused(book, chart()), "ids are of the whole spreadsheet"


def test_a_chart_is_changed_moved_and_deleted(book: Book, client: Client) -> None:
    client.batch(book, chart())
    spec = {**chart()["addChart"]["chart"]["spec"], "title": "Another"}
    client.batch(book, {"updateChartSpec": {"chartId": 9, "spec": spec}})
    position = {"overlayPosition": {"anchorCell": {"rowIndex": 6}, "widthPixels": 300}}
    move = {"objectId": 9, "newPosition": position, "fields": "anchorCell,widthPixels"}
    (reply,) = client.batch(book, {"updateEmbeddedObjectPosition": move})["replies"]
    assert reply["updateEmbeddedObjectPosition"]["position"]["overlayPosition"] == {
        "anchorCell": {"rowIndex": 6},
        "widthPixels": 300,
        "heightPixels": 200,
    }
    (found,) = client.get(book)["sheets"][0]["charts"]
    assert found["spec"]["title"] == "Another"
    assert client.batch(book, {"deleteEmbeddedObject": {"objectId": 9}})["replies"] == [{}]
    assert "charts" not in client.get(book)["sheets"][0]
    assert "No embedded object with id: 9" in client.refused(book, {"deleteEmbeddedObject": {"objectId": 9}})
    assert "No chart with id: 9" in client.refused(book, {"updateChartSpec": {"chartId": 9, "spec": spec}})
    assert "At least one field" in client.refused(book, {"updateEmbeddedObjectPosition": {**move, "fields": ""}})


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"spec": {"title": "x"}}, "must be set on chartSpec"),
        ({"position": {}}, "EmbeddedObjectPosition.sheetId must be set"),
        ({"position": {"overlayPosition": {"widthPixels": 4}}}, "EmbeddedObjectPosition.sheetId must be set"),
        ({"position": {"overlayPosition": {"anchorCell": {"sheetId": 99}}}}, "No grid with id: 99"),
        ({"position": {"overlayPosition": {"anchorCell": {"columnIndex": 26}}}}, "outside of the grid"),
        (
            {"spec": {"basicChart": {"chartType": "BAR", "domains": [{"domain": source(0)}], "series": [
                {"series": source(2, 0, 3)}]}}},
            "the same length",
        ),
        (
            {"spec": {"basicChart": {"series": [{"series": {"sourceRange": {"sources": [{"endRowIndex": 4}]}}}]}}},
            "a length of 1",
        ),
        (
            {"spec": {"basicChart": {"chartType": "BAR", "series": [
                {"series": source(0), "targetAxis": "LEFT_AXIS"}]}}},
            "not a minor axis",
        ),
    ],
)  # fmt: skip
def test_charts_that_are_refused(more: dict[str, Any], message: str, book: Book, client: Client) -> None:
    assert message in client.refused(book, chart(**more))


def test_a_chart_without_data_is_googles_own_trouble(book: Book, client: Client) -> None:
    client.refused(book, chart(spec={"basicChart": {"chartType": "BAR"}}), status=500)


def test_a_chart_reads_on_from_where_its_cells_went(server: SheetsServer, book: Book, client: Client) -> None:
    client.batch(book, chart())
    server.person(book).insert_column("Company").insert_row_above(1)
    (found,) = client.get(book)["sheets"][0]["charts"]
    ((grid,),) = [one["series"]["sourceRange"]["sources"] for one in found["spec"]["basicChart"]["series"]]
    assert (grid["startRowIndex"], grid["endRowIndex"], grid["startColumnIndex"]) == (1, 5, 3)
    assert found["position"]["overlayPosition"]["anchorCell"] == {"rowIndex": 2, "columnIndex": 5}
    anna = server.person(book)
    anna.header_row = 2
    anna.delete_column("Flag")
    (found,) = client.get(book)["sheets"][0]["charts"]
    assert "series" not in found["spec"]["basicChart"], "the chart stays, its series is gone"


# What recorded answers say of the rest


def test_a_merge_takes_the_place_of_those_it_meets(book: Book, client: Client) -> None:
    area = {"startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 2}
    client.batch(book, {"mergeCells": {"range": area, "mergeType": "MERGE_ROWS"}})
    assert len(client.get(book)["sheets"][0]["merges"]) == 2
    client.batch(book, {"mergeCells": {"range": area, "mergeType": "MERGE_ALL"}})
    assert client.get(book)["sheets"][0]["merges"] == [area]


def test_a_filter_over_a_whole_sheet_reads_back_with_its_bounds(server: SheetsServer, client: Client) -> None:
    book = server.add_spreadsheet(rows=ROWS, grid=(20, 20))
    client.batch(book, {"setBasicFilter": {"filter": {"range": {"sheetId": 0}}}})
    assert client.get(book)["sheets"][0]["basicFilter"] == {
        "range": {"startRowIndex": 0, "endRowIndex": 20, "startColumnIndex": 0, "endColumnIndex": 20}
    }


def test_append_goes_after_the_last_block(server: SheetsServer, client: Client) -> None:
    book = server.add_spreadsheet()
    for expected in (None, "Sheet1!C1"):
        found = client.call(
            "POST", f"/{book.id}/values/Sheet1:append", {"values": [["x", "", "z"]]}, valueInputOption="RAW"
        ).json()
        assert found.get("tableRange") == expected
    assert found["updates"]["updatedRange"] == "Sheet1!C2:E2"
    first = {"values": [["x", "", "z"]]}
    other = server.add_spreadsheet(rows=[["x", "", "z"]])
    found = client.call("POST", f"/{other.id}/values/Sheet1!A1:append", first, valueInputOption="RAW").json()
    assert (found["tableRange"], found["updates"]["updatedRange"]) == ("Sheet1!A1", "Sheet1!A2:C2")


def test_counts_are_of_rows_and_columns_that_were_written(book: Book, client: Client) -> None:
    rows = [["a", None, None], [None, None, None], [None, None, "b"]]
    found = client.call("PUT", f"/{book.id}/values/A1:C3", {"values": rows}, valueInputOption="RAW").json()
    assert [found[f"updated{what}"] for what in ("Range", "Rows", "Columns", "Cells")] == ["Sheet1!A1:C3", 2, 2, 2]
    data = [{"range": f"A{row}:D{row}", "values": [["a", "b", "", "d"]]} for row in (1, 4)]
    body = {"valueInputOption": "RAW", "data": data}
    found = client.call("POST", f"/{book.id}/values:batchUpdate", body).json()
    totals = [found[f"totalUpdated{what}"] for what in ("Rows", "Columns", "Cells", "Sheets")]
    assert totals == [2, 4, 8, 1]


def test_values_that_are_no_list(book: Book, client: Client) -> None:
    answer = client.call("PUT", f"/{book.id}/values/A1", {"values": "X"}, valueInputOption="RAW")
    message = "Invalid value at 'data.values' (type.googleapis.com/google.protobuf.ListValue), \"X\""
    assert answer.json()["error"]["message"] == message
    assert answer.json()["error"]["details"][0]["fieldViolations"] == [{"field": "data.values", "description": message}]


def test_a_number_too_large_for_a_double_stays_text(server: SheetsServer, book: Book) -> None:
    server.person(book).type("A2", "1E400")
    assert book["Sheet1"]["A2"]["userEnteredValue"] == {"stringValue": "1E400"}
