-- Deletes all of a conversation but its seen ids. A lease on it is lost, so that a turn under way cannot bring it back.
-- ->    1

redis.call('DEL', SESSION, STATE, INBOX, OUTBOX)
redis.call('ZREM', DUE, ID)
return 1
