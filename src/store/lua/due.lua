-- Of one shard, by the server's clock; after the line that sets `time`, without common.lua. Reads only.
-- KEYS  1 due
-- ARGV  1 most names to give
-- ->    {conversation, …}, longest due first

local NOW = math.floor((tonumber(time[1]) * 1000000 + tonumber(time[2])) / 1000)
return redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', NOW, 'LIMIT', 0, tonumber(ARGV[1]))
