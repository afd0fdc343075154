-- What was recorded, in SQLite. Moments in µs since 1970 UTC. Row numbers only grow and are never used twice.
create table about (key text primary key, value text not null) without rowid;

create table feeds (
    id integer primary key, name text not null unique, position text, status text not null default 'starting',
    since integer not null default 0, heard integer, newest integer, trouble text not null default '',
    accepted integer not null default 0, duplicates integer not null default 0, rejected integer not null default 0
);

create table events (
    row integer primary key autoincrement, identity blob not null, feed integer not null references feeds,
    arrived integer not null, "case" text not null, stage text not null, time integer, start integer,
    resource text, value real, channel text, reason text, weight real not null, attributes text
);
create unique index events_identity on events (identity);
create index events_case on events ("case");

-- The names of what events say beside their roles, in `events.attributes` as JSON: name → text or number.
create table attributes (name text primary key) without rowid;

create table counts (
    row integer primary key autoincrement, feed integer not null references feeds, arrived integer not null,
    stage text not null, bucket integer not null, bucket_end integer not null, arrivals real not null,
    departures real not null, losses real not null, wip real
);
create unique index counts_bucket on counts (feed, stage, bucket);

-- What could not be used, the newest of it; how much there ever was is counted in feeds.
create table rejected (
    row integer primary key autoincrement, feed integer not null references feeds, arrived integer not null,
    reason text not null, raw text not null
);

-- Cases that were forgotten, as a hash with a key of this store: what comes late of them must not begin them anew.
create table forgotten (mark integer primary key);
