// Reads a calendar on stdin and writes what ical.js understood of each event as JSON on stdout.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf-8")));
const events = calendar.getAllSubcomponents("vevent").map((component) => {
  const event = new ICAL.Event(component, { strictExceptions: true });
  return [
    event.uid,
    event.summary,
    event.description,
    event.startDate.toString(),
    event.endDate.toString(),
    component.getFirstPropertyValue("status"),
    event.sequence,
  ];
});
process.stdout.write(JSON.stringify(events));
