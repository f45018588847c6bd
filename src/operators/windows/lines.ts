// in: calendar units of a zone, offsets
// out: the lines that windows are laid along

import { dayStart, localDay, localMonth, localWeek, monthStart, weekStart, type Zone, zoneOf } from '../../expr/zone.ts';
import type { CalendarUnit } from '../../model/duration.ts';
import type { Line } from './grid.ts';

const CALENDAR: Record<CalendarUnit, (zone: Zone) => Line> = {
  day: (zone) => ({ unit: (time) => localDay(time, zone), time: (unit) => dayStart(unit, zone) }),
  week: (zone) => ({ unit: (time) => localWeek(time, zone), time: (unit) => weekStart(unit, zone) }),
  month: (zone) => ({ unit: (time) => localMonth(time, zone), time: (unit) => monthStart(unit, zone) }),
};

/** Days, weeks (from Monday) or months of a zone. */
export const calendarLine = (unit: CalendarUnit, zone: string): Line => CALENDAR[unit](zoneOf(zone));

/** The line with all its units starting `offset` ms later. */
export function moved(line: Line, offset: number): Line {
  if (offset === 0) return line;
  return { unit: (time) => line.unit(time - offset), time: (unit) => line.time(unit) + offset };
}
