-- Names the conversations of one shard that somebody has to look at. Reads only.
-- KEYS  1 due
-- ARGV  1 most names to give
-- ->    {conversation, …}, longest due first

return redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', NOW, 'LIMIT', 0, tonumber(ARGV[1]))
