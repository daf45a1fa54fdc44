-- Keeps a message: drops a redelivered one, appends to the inbox, leases when nobody holds the conversation.
-- ARGV  3 id (8 bytes)   4 payload   5 most entries of an inbox   6 how long an id is remembered (s)
-- ->    {'duplicate'} | {'full'} | {'queued'} | {'leased', epoch, session or nil, {inbox entries}}

local id, entry = ARGV[3], ARGV[3] .. ARGV[4]
local seconds = math.floor(NOW / 1000)
local seen = redis.call('GET', SEEN) or ''

local first = 1
while first < #seen and struct.unpack('<I4', seen, first + 8) < seconds - tonumber(ARGV[6]) do
  first = first + 12
end

local at = string.find(seen, id, first, true)
while at do
  if (at - 1) % 12 == 0 then return { 'duplicate' } end
  at = string.find(seen, id, at + 1, true)
end

if redis.call('LLEN', INBOX) >= tonumber(ARGV[5]) then return { 'full' } end

local _, ends, alarm = read_state()
local held = ends > NOW
local epoch, session, inbox
if not held then
  epoch = next_epoch()
  session = redis.call('GET', SESSION)
  inbox = redis.call('LRANGE', INBOX, 0, -1)
  inbox[#inbox + 1] = entry
end

local record = id .. struct.pack('<I4', seconds)
-- A short record is written whole, so that Redis keeps no spare room behind it; a long one is not copied each time.
if first > 1 or #seen < 1200 then
  redis.call('SET', SEEN, string.sub(seen, first) .. record)
else
  redis.call('APPEND', SEEN, record)
end
redis.call('EXPIRE', SEEN, tonumber(ARGV[6]) + 1)
redis.call('RPUSH', INBOX, entry)
redis.call('PEXPIRE', INBOX, KEEP_MS)
if held then return { 'queued' } end

save_epoch(epoch)
hold(epoch, alarm)
return { 'leased', epoch, session, inbox }
