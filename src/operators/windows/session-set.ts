// in: spans of time of keyed records
// out: sessions: spans that touch are one; those that are due, in order

import type { HeldState, StateReader, StateValue, StateWriter } from '../../model/state.ts';
import { orderText } from '../../model/order.ts';
import { type Kept, KeyedState } from '../../state/keyed-state.ts';
import { TimerQueue } from '../../state/timers.ts';

/** One session of a key. */
export interface Session<T> {
  readonly key: string;
  /** the first time in it */
  start: number;
  /** the last time in it + its gap */
  end: number;
  readonly content: T;
  /** the next time at which it prints: early, or at its end; Infinity: it has printed at its end */
  due: number;
  /** the next multiple at which it prints before its end; Infinity: none */
  early: number;
  /** the time of its timer, which may be before `due`: it is set on then; Infinity: it has none */
  timer: number;
  /** the same of when it is to be forgotten; NaN: it has none */
  expiry: number;
  /** it is part of another session now, or forgotten */
  isGone: boolean;
}

export interface SessionRules<T> {
  /** ms that a session is kept behind its end */
  readonly lateness: number;
  /** ms between results of an open session; 0: none */
  readonly early: number;
  make(key: string): T;
  merge(into: T, from: T): void;
  /** A content as plain data, and back. */
  save(content: T): StateValue;
  load(saved: StateValue, key: string): T;
}

/** A session as plain data. */
type Saved = readonly [start: number, end: number, due: number, early: number, content: StateValue];

/** The sessions of a key, by start. */
interface OfKey<T> extends Kept {
  readonly sessions: Session<T>[];
}

/** Sessions by key (Flink: MergingWindowSet). */
export class SessionSet<T> {
  private readonly byKey = new KeyedState<OfKey<T>>('sessions', {
    save: ({ sessions }) => sessions.map(({ start, end, due, early, content }): Saved => [start, end, due, early, this.rules.save(content)]),
    load: (saved, key) => ({ version: 0, sessions: (saved as Saved[]).map((session) => this.restored(key, session)) }),
  });
  /** the time whose timers `due` is at */
  at = Number.NEGATIVE_INFINITY;
  private readonly timers = new TimerQueue<Session<T>>();
  private readonly expiry = new TimerQueue<Session<T>>();

  constructor(private readonly rules: SessionRules<T>) {}

  /** The watermark at which something prints or is to be forgotten. */
  get nextTimer(): number {
    return Math.min(this.timers.next, this.expiry.next);
  }

  /**
   * The session of a record that covers [start, end), grown and merged as need be. undefined: it is late, judged after merging:
   * `end - 1 + lateness <= watermark`.
   */
  add(key: string, start: number, end: number, watermark: number): Session<T> | undefined {
    const sessions = this.byKey.get(key)?.sessions;
    const [only] = sessions ?? [];
    if (sessions?.length === 1 && only!.start <= end && only!.end >= start) return this.grow(only!, start, end, watermark);
    const touched = sessions?.filter((s) => s.start <= end && s.end >= start) ?? [];
    const last = touched.reduce((most, s) => Math.max(most, s.end), end);
    if (last - 1 + this.rules.lateness <= watermark) return undefined;
    const session = touched[0] ?? this.open(key, sessions, start, end);
    const before = session.end;
    session.start = Math.min(session.start, start);
    session.end = last;
    for (const other of touched.slice(1)) this.swallow(sessions!, session, other);
    if (session.end !== before || touched.length !== 1) this.schedule(session, start, watermark);
    return session;
  }

  /** What `add` does where there is just one session, and it is touched. */
  private grow(session: Session<T>, start: number, end: number, watermark: number): Session<T> | undefined {
    const before = session.end;
    const last = Math.max(before, end);
    if (last - 1 + this.rules.lateness <= watermark) return undefined;
    if (start < session.start) session.start = start;
    session.end = last;
    if (last !== before) this.schedule(session, start, watermark);
    return session;
  }

  private open(key: string, sessions: Session<T>[] | undefined, start: number, end: number): Session<T> {
    const session = newSession(key, start, end, this.rules.make(key), Number.POSITIVE_INFINITY);
    if (sessions) sessions.push(session);
    else this.byKey.set(key, { version: 0, sessions: [session] });
    sessions?.sort((a, b) => a.start - b.start);
    return session;
  }

  private swallow(sessions: Session<T>[], into: Session<T>, other: Session<T>): void {
    this.rules.merge(into.content, other.content);
    into.start = Math.min(into.start, other.start);
    into.early = Math.min(into.early, other.early);
    other.isGone = true;
    sessions.splice(sessions.indexOf(other), 1);
  }

  /** Sets the timers of a session whose end has moved. */
  private schedule(session: Session<T>, time: number, watermark: number): void {
    const { early, lateness } = this.rules;
    const final = session.end - 1;
    if (early > 0 && final > watermark && session.early === Number.POSITIVE_INFINITY) session.early = (Math.floor(time / early) + 1) * early;
    this.setDue(session, final > watermark ? Math.min(final, session.early) : Number.POSITIVE_INFINITY);
    // A session grows with most of its records: its timers stay where they are until they are due.
    if (Number.isNaN(session.expiry)) this.expire(session, final + lateness);
  }

  private expire(session: Session<T>, time: number): void {
    session.expiry = time;
    this.expiry.add(time, session);
  }

  private setDue(session: Session<T>, due: number): void {
    session.due = due;
    if (due < session.timer) this.setTimer(session, due);
  }

  private setTimer(session: Session<T>, time: number): void {
    session.timer = time;
    this.timers.add(time, session);
  }

  /** Sessions that print when the watermark goes to `watermark`, in order of time, then (end, start, key); forgets what is over. */
  *due(watermark: number): Generator<Session<T>> {
    while (this.timers.next <= watermark && this.timers.size > 0) {
      const at = this.timers.next;
      this.at = at;
      const now: Session<T>[] = [];
      while (this.timers.next === at && this.timers.size > 0) {
        const session = this.timers.take();
        if (session.isGone || session.timer !== at) continue;
        session.timer = Number.POSITIVE_INFINITY;
        if (session.due === at) now.push(session);
        else if (session.due < Number.POSITIVE_INFINITY) this.setTimer(session, session.due);
      }
      now.sort((a, b) => a.end - b.end || a.start - b.start || (a.key < b.key ? -1 : 1));
      for (const session of now) {
        this.byKey.touch(session.key);
        yield session;
        this.goOn(session, at);
      }
    }
    this.forget(watermark);
  }

  /** What printed at `at` prints again at the next multiple, and at its end. */
  private goOn(session: Session<T>, at: number): void {
    const final = session.end - 1;
    if (session.early <= at) session.early += this.rules.early;
    this.setDue(session, at >= final ? Number.POSITIVE_INFINITY : Math.min(final, session.early));
  }

  held(): HeldState {
    return this.byKey.held();
  }

  /** When something happens to a session of a key next: it prints, or is forgotten; and its place among those that print then. */
  dueOf(saved: StateValue): string {
    const first = (saved as Saved[]).map(([start, end, due]) => orderText(Math.min(due, end - 1 + this.rules.lateness), end, start));
    return first.reduce((least, due) => (due < least ? due : least));
  }

  /** Forgets all sessions. */
  clear(): void {
    this.byKey.clear();
    this.timers.clear();
    this.expiry.clear();
  }

  save(to: StateWriter): void {
    this.byKey.save(to);
  }

  load(from: StateReader): void {
    this.byKey.load(from);
  }

  private restored(key: string, [start, end, due, early, content]: Saved): Session<T> {
    const session = newSession(key, start, end, this.rules.load(content, key), early);
    this.setDue(session, due);
    this.expire(session, end - 1 + this.rules.lateness);
    return session;
  }

  private forget(watermark: number): void {
    while (this.expiry.next <= watermark && this.expiry.size > 0) {
      const session = this.expiry.take();
      if (session.isGone) continue;
      const time = session.end - 1 + this.rules.lateness;
      if (time > watermark) {
        this.expire(session, time);
        continue;
      }
      session.isGone = true;
      const { sessions } = this.byKey.get(session.key)!;
      if (sessions.length === 1) this.byKey.delete(session.key);
      else sessions.splice(sessions.indexOf(session), 1);
    }
  }
}

function newSession<T>(key: string, start: number, end: number, content: T, early: number): Session<T> {
  return { key, start, end, content, due: Number.POSITIVE_INFINITY, early, timer: Number.POSITIVE_INFINITY, expiry: Number.NaN, isGone: false };
}
