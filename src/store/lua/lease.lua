-- Leases a conversation that is due; sets its alarm right when it is not.
-- ->    nil | {'leased', epoch, session or nil, {inbox entries}, outbox entry now marked as being sent or nil}
--       Nothing in the inbox and nothing to send: the alarm is due.

local _, ends, alarm = read_state()
if ends > NOW then return false end

local inbox = redis.call('LRANGE', INBOX, 0, -1)
local head = redis.call('LINDEX', OUTBOX, 0)
local due = next_due(#inbox > 0, head, alarm)
if not due or due > NOW then
  let_go(alarm, due)
  return false
end

local epoch = next_epoch()
local session = redis.call('GET', SESSION)
local sending = #inbox == 0 and head and mark(head)

save_epoch(epoch)
hold(epoch, alarm)
if sending then redis.call('LSET', OUTBOX, 0, sending) end
return { 'leased', epoch, session, inbox, sending }
