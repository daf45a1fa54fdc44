-- Ends a send. An entry that is not the first any more was confirmed meanwhile: nothing to settle, go on.
-- ARGV  3 epoch   4 id of the entry   5 'done' (sent or refused) | 'wait'   6 how long to wait until the next try (ms)
-- ->    {'lost'} | what `go_on` says

local epoch, _, alarm = read_state()
if epoch ~= tonumber(ARGV[3]) then return { 'lost' } end

local first = redis.call('LRANGE', OUTBOX, 0, 1)
local head, remove, waiting = first[1], false, nil
if head and entry_id(head) == ARGV[4] then
  if ARGV[5] == 'done' then
    remove, head = true, first[2]
  else
    waiting = wait_until(head, NOW + tonumber(ARGV[6]))
    head = waiting
  end
end
local inbox = {}
if not can_send(head) then inbox = redis.call('LRANGE', INBOX, 0, -1) end

if remove then redis.call('LPOP', OUTBOX) end
if waiting then redis.call('LSET', OUTBOX, 0, waiting) end
return go_on(epoch, alarm, head, inbox)
