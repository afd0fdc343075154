"""Exports with the headers of HubSpot, Salesforce and Pipedrive, word for word; the contents are invented."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from factoryview.errors import InputError
from factoryview.sources import EventLog, read
from tests.sources.conftest import events, findings


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2024, 3, day, hour, minute)


HUBSPOT = (
    "Record ID,Deal Name,Deal Stage,Amount,Deal owner,Create Date,Close Date,Closed Lost Reason,"
    '"Date entered ""Closed Won (Sales Pipeline)""","Date entered ""Qualified (Sales Pipeline)""",'
    '"Date exited ""Qualified (Sales Pipeline)""","Date entered ""Offer (sent) (Sales Pipeline)""",'
    '"Date exited ""Offer (sent) (Sales Pipeline)""","Date entered ""Closed Lost (Sales Pipeline)"""\n'
    "11,Oak,Closed Won,1200.50,Ann,2024-03-01 09:00,2024-03-09 16:00,,"
    "2024-03-09 16:00,2024-03-01 09:00,2024-03-04 10:30,2024-03-04 10:30,2024-03-09 16:00,\n"
    "12,Elm,Closed Lost,80,Bo,2024-03-02 09:00,2024-03-05 08:00,Too expensive,"
    ",2024-03-02 09:00,2024-03-05 08:00,2024-03-05 08:00,2024-03-05 08:00,2024-03-05 08:00\n"
    "13,Ash,Offer (sent),,Ann,2024-03-03 09:00,2024-12-31 00:00,,"
    ",2024-03-03 09:00,2024-03-06 12:00,2024-03-06 12:00,,\n"
    "14,Fir,Legal,300,Bo,2024-03-03 09:00,,,,,,,,\n"
)


def test_hubspot_deals(log_of: Callable[..., EventLog]) -> None:
    log = log_of(HUBSPOT)
    assert events(log, '"case", stage, time, resource, value, reason') == [
        ("11", "Qualified", at(1, 9), "Ann", 1200.5, None),
        ("11", "Offer (sent)", at(4, 10, 30), "Ann", 1200.5, None),
        ("11", "Closed Won", at(9, 16), "Ann", 1200.5, None),
        ("12", "Qualified", at(2, 9), "Bo", 80.0, "Too expensive"),
        ("12", "Offer (sent)", at(5, 8), "Bo", 80.0, "Too expensive"),
        ("12", "Closed Lost", at(5, 8), "Bo", 80.0, "Too expensive"),
        ("13", "Qualified", at(3, 9), "Ann", None, None),
        ("13", "Offer (sent)", at(6, 12), "Ann", None, None),
        ("14", "Legal", None, "Bo", 300.0, None),
    ]
    assert (log.meaning, log.rejected, log.mappable) == ("entry", 0, False)
    assert set(log.explicit_ends) == {"Closed Won", "Closed Lost"}
    said = findings(log, "info")
    assert "Recognised as a HubSpot export of deals with a date per stage." in said
    assert '"Date entered "Qualified (Sales Pipeline)"" → Qualified' in said
    assert "The 2 dates of leaving a stage are not needed" in said
    assert "Columns kept as attributes, to select by: Deal Name" in said
    assert "1 entries have no date" in said
    assert findings(log, "ask") == ""


def test_hubspot_in_excel(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Record ID", "Deal Stage", 'Date entered "A (P)"', 'Date entered "Closed Won (P)"'])
    book.active.append([1, "A", at(1, 8), None])
    book.active.append([2, "Closed Won", at(1, 8), at(2, 8)])
    book.save(tmp_path / "deals.xlsx")
    log = read(tmp_path / "deals.xlsx")
    assert events(log) == [("1", "A", at(1, 8)), ("2", "A", at(1, 8)), ("2", "Closed Won", at(2, 8))]


def test_hubspot_two_pipelines_keep_their_names(log_of: Callable[..., EventLog]) -> None:
    text = 'Record ID,"Date entered ""Won (North)""","Date entered ""Won (South)"""\n'
    log = log_of(text + "1,2024-03-01 09:00,\n2,,2024-03-02 09:00\n")
    assert events(log) == [("1", "Won (North)", at(1, 9)), ("2", "Won (South)", at(2, 9))]
    assert log.explicit_ends == ("Won (North)", "Won (South)")


@pytest.mark.parametrize("version", ["hs_v2_date_entered_", "hs_date_entered_"])
def test_hubspot_api_names(version: str, log_of: Callable[..., EventLog]) -> None:
    stages = ("appointmentscheduled", "7970058", "closedwon")
    results = [
        {
            "id": str(number),
            "properties": {
                "dealstage": stages[number],
                "amount": "99.5",
                "hubspot_owner_id": "44",
                "hs_is_closed": "true" if number == 2 else "false",
                **{version + stage: f"2024-03-0{1 + i}T09:00:00.123Z" for i, stage in enumerate(stages[: number + 1])},
            },
            "archived": False,
        }
        for number in range(3)
    ]
    log = log_of(json.dumps({"results": results, "paging": {"next": {"after": "3"}}}), "deals.json")
    assert [row[1] for row in events(log) if row[0] == "2"] == list(stages)
    assert events(log, "time")[0] == (datetime(2024, 3, 1, 9, 0, 0, 123000),)
    assert log.explicit_ends == ("closedwon",)
    assert {row[0] for row in events(log, "value")} == {99.5}


HISTORY = "deal_id,timestamp,_fivetran_synced,source,name,source_id,value\n"


def test_hubspot_property_history(log_of: Callable[..., EventLog]) -> None:
    text = HISTORY + (
        "7,2024-03-01 09:00:00,2024-06-01,CRM_UI,dealstage,u1,qualified\n"
        "7,2024-03-02 09:00:00,2024-06-01,CRM_UI,amount,u1,100\n"
        "7,2024-03-03 9:00:00,2024-06-01,CRM_UI,dealstage,u1,offer\n"
        "7,2024-03-03 10:00:00,2024-06-01,API,dealstage,u1,offer\n"
        "8,2024-03-04 09:00:00,2024-06-01,CRM_UI,dealstage,u2,qualified\n"
        "7,2024-03-05 09:00:00,2024-06-01,CRM_UI,dealstage,u1,closedlost\n"
    )
    log = log_of(text)
    assert events(log) == [
        ("7", "qualified", at(1, 9)),
        ("7", "offer", at(3, 9)),
        ("8", "qualified", at(4, 9)),
        ("7", "closedlost", at(5, 9)),
    ]
    assert log.explicit_ends == ("closedlost",)
    assert "1 row repeats the stage" in findings(log, "info")


def test_hubspot_history_of_other_properties(log_of: Callable[..., EventLog]) -> None:
    text = HISTORY + "7,2024-03-01,,UI,amount,u,1\n7,2024-03-02,,UI,dealname,u,x\n"
    with pytest.raises(InputError, match=r"no row is a change of the stage\. It has: amount, dealname"):
        log_of(text)


def test_hubspot_samples(real: Path) -> None:
    folder = real / "formats" / "hubspot"
    log = read(folder / "deal_stage_data.csv")
    assert (log.rows, log.rejected, log.meaning) == (14, 0, "entry")
    assert "a HubSpot table of deals and the stages they entered" in findings(log, "info")
    with pytest.raises(InputError, match="no row is a change of the stage"):
        read(folder / "deal_property_history_data.csv")


def test_salesforce_opportunity_history(log_of: Callable[..., EventLog]) -> None:
    text = (
        "Id,OpportunityId,StageName,Amount,CloseDate,Probability,ForecastCategory,CreatedDate,CreatedById,IsDeleted\n"
        "1,006A,Prospecting,1000,2024-06-30,10,Pipeline,2024-03-01T09:00:00.000Z,005X,false\n"
        "2,006A,Prospecting,1500,2024-06-30,10,Pipeline,2024-03-02T09:00:00.000Z,005X,false\n"
        "3,006A,Negotiation,1500,2024-05-31,60,Forecast,2024-03-03T09:00:00.000Z,005X,false\n"
        "4,006B,Prospecting,,2024-06-30,10,Pipeline,2024-03-03T10:00:00.000Z,005Y,false\n"
        "5,006A,Abgesagt,1500,2024-03-05,0,Omitted,2024-03-05T09:00:00.000Z,005X,false\n"
        "6,006B,Closed Won,900,2024-03-06,100,Closed,2024-03-06T09:00:00.000Z,005Y,false\n"
    )
    log = log_of(text)
    assert events(log, '"case", stage, time, resource, value') == [
        ("006A", "Prospecting", at(1, 9), "005X", 1000.0),
        ("006A", "Negotiation", at(3, 9), "005X", 1500.0),
        ("006B", "Prospecting", at(3, 10), "005Y", None),
        ("006A", "Abgesagt", at(5, 9), "005X", 1500.0),
        ("006B", "Closed Won", at(6, 9), "005Y", 900.0),
    ]
    assert log.explicit_ends == ("Abgesagt", "Closed Won")
    assert "1 of them change the amount, date or owner within a stage" in findings(log, "info")
    assert findings(log, "ask") == ""


FIELDS = "OpportunityId,Field,OldValue,NewValue,CreatedDate,CreatedById\n"


def test_salesforce_field_history(log_of: Callable[..., EventLog]) -> None:
    text = FIELDS + (
        "006A,created,,,2024-03-01T09:00:00.000+0000,005X\n"
        "006A,Amount,100,200,2024-03-01T10:00:00.000+0000,005X\n"
        "006A,StageName,Prospecting,Proposal,2024-03-02T09:00:00.000+0000,005X\n"
        "006B,StageName,Proposal,Closed Lost,2024-03-04T09:00:00.000+0000,005Y\n"
        "006A,StageName,Proposal,Closed Won,2024-03-05T09:00:00.000+0000,005X\n"
    )
    log = log_of(text)
    assert events(log, '"case", stage, time, resource') == [
        ("006A", "Prospecting", at(1, 9), "005X"),
        ("006A", "Proposal", at(2, 9), "005X"),
        ("006B", "Closed Lost", at(4, 9), "005Y"),
        ("006A", "Closed Won", at(5, 9), "005X"),
    ]
    assert set(log.explicit_ends) == {"Closed Won", "Closed Lost"}
    assert "1 cases: since when they stood in their first stage is not said" in findings(log, "warning")


def test_salesforce_field_history_without_stages(log_of: Callable[..., EventLog]) -> None:
    with pytest.raises(InputError, match="no row is a change of the stage"):
        log_of(FIELDS + "006A,Amount,100,200,2024-03-01T10:00:00Z,005X\n")


def test_any_other_log_of_changes_is_read_as_usual(log_of: Callable[..., EventLog]) -> None:
    rows = "".join(f"{i % 4},Queue,Q{i // 4},Q{i // 4 + 1},2024-03-0{1 + i // 4} 09:00\n" for i in range(12))
    log = log_of("Case ID,Field,Old Value,New Value,Created Date\n" + rows)
    assert "Recognised" not in findings(log)
    assert len(events(log)) == 12


def test_salesforce_sample(real: Path) -> None:
    log = read(real / "formats" / "salesforce" / "sf_opportunity_history_data.csv")
    assert (log.rejected, log.columns["time"]) == (0, "_fivetran_start")
    assert len(log.explicit_ends) == 2
    assert len(events(log)) == 10


PIPEDRIVE = (
    "Deal - ID,Deal - Title,Deal - Stage,Deal - Status,Deal - Value,Deal - Owner,Deal - Deal created,"
    "Deal - Last stage change,Deal - Won time,Deal - Lost time,Deal - Lost reason,Deal - Expected close date\n"
    "1,Oak,Offer,Won,1200,Ann,2024-03-01 09:00:00,2024-03-03 09:00:00,2024-03-08 09:00:00,,,2024-04-01\n"
    "2,Elm,Qualified,Lost,80,Bo,2024-03-02 09:00:00,,,2024-03-04 09:00:00,Price,\n"
    "3,Ash,Offer,Open,50,Ann,2024-03-02 10:00:00,2024-03-05 09:00:00,,,,2024-09-01\n"
    "4,Fir,Offer,Deleted,50,Ann,2024-03-02 11:00:00,,,,,\n"
)


def test_pipedrive_export(log_of: Callable[..., EventLog]) -> None:
    log = log_of(PIPEDRIVE)
    assert events(log, '"case", stage, time, value, reason') == [
        ("1", "Deal created", at(1, 9), 1200.0, None),
        ("1", "Offer", at(3, 9), 1200.0, None),
        ("1", "Won", at(8, 9), 1200.0, None),
        ("2", "Qualified", at(2, 9), 80.0, "Price"),
        ("2", "Lost", at(4, 9), 80.0, "Price"),
        ("3", "Deal created", at(2, 10), 50.0, None),
        ("3", "Offer", at(5, 9), 50.0, None),
    ]
    assert log.explicit_ends == ("Won", "Lost")
    assert log.columns["resource"] == "Deal - Owner"
    assert "4 deals: 1 open, 1 won, 1 lost, 1 deleted and left out." in findings(log, "info")
    assert "knows a deal's last stage only" in findings(log, "warning")
    assert log.last_only


def test_pipedrive_flow(log_of: Callable[..., EventLog]) -> None:
    def change(deal: int, key: str, old: object, new: object, time: str, **more: str) -> dict[str, object]:
        data = {"id": 1, "item_id": deal, "user_id": 9, "field_key": key, "old_value": old, "new_value": new,
                "is_bulk_update_flag": None, "log_time": time, "additional_data": more}  # fmt: skip
        return {"object": "dealChange", "timestamp": time, "data": data}

    names = {"1": "Lead", "2": "Offer"}

    def move(deal: int, old: str, new: str, time: str) -> dict[str, object]:
        return change(deal, "stage_id", old, new, time, old_value_formatted=names[old], new_value_formatted=names[new])

    flow = [
        change(5, "status", "lost", "open", "2024-03-05 09:00:00"),
        change(5, "status", "open", "lost", "2024-03-04 09:00:00"),
        {"object": "note", "timestamp": "2024-03-03 10:00:00", "data": {"id": 3, "content": "called"}},
        move(5, "1", "2", "2024-03-03 09:00:00"),
        change(5, "value", "1", "2", "2024-03-02 09:00:00"),
        change(5, "add_time", None, "2024-03-01 09:00:00", "2024-03-01 09:00:00"),
    ]
    log = log_of(
        json.dumps({"success": True, "data": flow, "additional_data": {"pagination": {"start": 0}}}), "flow.json"
    )
    assert sorted(events(log), key=lambda row: str(row[2])) == [
        ("5", "Lead", at(1, 9)),
        ("5", "Offer", at(3, 9)),
        ("5", "Lost", at(4, 9)),
        ("5", "Offer", at(5, 9)),
    ]
    assert log.explicit_ends == ("Lost",)
    assert "the flow of Pipedrive deals" in findings(log, "info")
    assert not log.last_only


def test_who_names_the_columns_is_obeyed(log_of: Callable[..., EventLog]) -> None:
    log = log_of(PIPEDRIVE, columns={"case": "Deal - ID", "stage": "Deal - Owner", "time": "Deal - Deal created"})
    assert events(log, "stage")[0] == ("Ann",)
    named = log_of(PIPEDRIVE, columns={"channel": "Deal - Title"})
    assert events(named, "channel")[0] == ("Oak",)
    assert named.explicit_ends == ("Won", "Lost")


def test_dates_that_cannot_be_read_are_set_aside_with_their_line(log_of: Callable[..., EventLog]) -> None:
    rows = "".join(f"{i},Note,A,100,,2024-03-01 09:00\n" for i in range(20, 40))
    text = 'Record ID,Deal Name,Deal Stage,Amount,"Date entered ""B (P)""","Date entered ""A (P)"""\n'
    log = log_of(
        text + '1,"two\nlines",A,5,,2024-03-01 09:00\n' + "2,Elm,A,5,,somewhen\n,Fir,A,5,,2024-03-01 09:00\n" + rows
    )
    assert (log.rejected, len(events(log))) == (2, 21)
    assert log.rejects_file is not None
    listed = log.rejects_file.read_text(encoding="utf-8").splitlines()[1:]
    assert [line.split(",")[0] for line in listed] == ["4", "5"]
    assert "somewhen" in listed[0]
