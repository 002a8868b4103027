-- By day first: a digest asks which addresses got all the mails of a day.

DROP INDEX outbox_by_day;
CREATE INDEX outbox_by_day ON outbox (day, rcpt);
