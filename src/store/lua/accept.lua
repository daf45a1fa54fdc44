-- Keeps a message: drops a redelivered one, appends to the inbox, leases when nobody holds the conversation.
-- ARGV  1 id (8 bytes)   2 payload
-- ->    'duplicate' | 'full' | 'queued' | {epoch, tries, session or nil, inbox before this message}

local id = ARGV[1]
local seconds = math.floor(NOW / 1000)

local function knows(ids)
  local at = string.find(ids, id, 1, true)
  while at and (at - 1) % 12 ~= 0 do at = string.find(ids, id, at + 1, true) end
  return at and struct.unpack('<I4', ids, at + 8) >= seconds - SEEN_MS / 1000
end

local older = has_older == 1 and redis.call('GET', KEYS[3]) or ''
if knows(seen) or knows(older) then
  if AWAITED then save() end
  return 'duplicate'
end
if inbox_count >= INBOX_MAX then return 'full' end

-- What is too old is forgotten, from the front; what came long ago moves out, so that each turn carries little along.
local first = 1
while first < #seen and struct.unpack('<I4', seen, first + 8) < seconds - SEEN_MS / 1000 do first = first + 12 end
seen = string.sub(seen, first)
if #seen >= 64 * 12 then
  first = 1
  while first < #older and struct.unpack('<I4', older, first + 8) < seconds - SEEN_MS / 1000 do first = first + 12 end
  if first > 1 or older == '' then
    redis.call('SET', KEYS[3], string.sub(older, first) .. string.sub(seen, 1, 32 * 12))
  else
    redis.call('APPEND', KEYS[3], string.sub(seen, 1, 32 * 12))
  end
  redis.call('PEXPIRE', KEYS[3], SEEN_MS + 1000)
  seen, has_older = string.sub(seen, 32 * 12 + 1), 1
end
seen = seen .. id .. struct.pack('<I4', seconds)

local before = inbox
inbox_count = inbox_count + 1
inbox = inbox .. struct.pack('<I4', 8 + #ARGV[2]) .. id .. ARGV[2]
if ends > NOW or not can_turn() then
  save()
  return 'queued'
end
take()
save()
return { epoch, tries, session_or_none(), before }
