-- A platform says that an outbox entry arrived: a fact, accepted without a lease.
-- ARGV  3 id of the entry
-- ->    1 when it was still there, else 0

local entries = redis.call('LRANGE', OUTBOX, 0, -1)
local found
for i = 1, #entries do
  if entry_id(entries[i]) == ARGV[3] then
    found = i
    break
  end
end
if not found then return 0 end

local epoch, _, alarm = read_state()
local has_inbox = redis.call('LLEN', INBOX) > 0
local head = entries[found == 1 and 2 or 1]

redis.call('LREM', OUTBOX, 1, entries[found])
-- While the conversation is held, or was until its lease ran out, the end of the lease is its alarm.
if epoch == 0 then let_go(alarm, next_due(has_inbox, head, alarm)) end
return 1
