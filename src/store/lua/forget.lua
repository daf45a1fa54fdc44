-- Deletes all of a conversation but its seen ids. A lease on it is lost, so that a turn under way cannot bring it back.
-- KEYS  dead and graves, too
-- ->    1

ends, alarm, session_until, tries, attempts, not_before = 0, 0, 0, 0, 0, 0
session, inbox_count, inbox, outbox_count, outbox = '', 0, '', 0, ''
redis.call('DEL', KEYS[3])
redis.call('ZREM', KEYS[4], ID)
save()
return 1
