-- Gives a lease back unfinished.
-- ARGV  3 epoch
-- ->    1 when it was still held, else 0

local epoch, _, alarm = read_state()
if epoch ~= tonumber(ARGV[3]) then return 0 end

local has_inbox = redis.call('LLEN', INBOX) > 0
local head = redis.call('LINDEX', OUTBOX, 0)
let_go(alarm, next_due(has_inbox, head, alarm))
return 1
