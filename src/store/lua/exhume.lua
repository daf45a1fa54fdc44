-- Takes a dead letter away, or puts it back where it came from.
-- KEYS  dead and graves, too
-- ARGV  1 id of the letter   2 'drop' | 'retry'   3 id of the message (8 bytes), where it is one
-- ->    1 | 0: there is none   | -1: the inbox is full   | -2: a session cannot be tried again

local letter = redis.call('HGET', KEYS[3], ARGV[1])
if not letter then return 0 end
local kind, payload = string.sub(letter, 1, 1), string.sub(letter, 8)
if ARGV[2] == 'retry' then
  if kind == 's' then return -2 end
  if kind == 'm' and inbox_count >= INBOX_MAX then return -1 end
end
redis.call('HDEL', KEYS[3], ARGV[1])
if redis.call('HLEN', KEYS[3]) == 0 then redis.call('ZREM', KEYS[4], ID) end
if ARGV[2] == 'drop' then return 1 end
if kind == 'm' then
  inbox_count = inbox_count + 1
  inbox = inbox .. struct.pack('<I4', 8 + #payload) .. ARGV[3] .. payload
else
  outbox, outbox_count = outbox .. pack_entry(NOW, ARGV[1], payload), outbox_count + 1
end
save()
return 1
