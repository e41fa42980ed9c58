/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <time.h>

#include "uhttpd_digest.h"
#include "uhttpd_os.h"
#include "uhttpd_random.h"

#define FRESH_WORDS 8

/* What a pool is made of: all that went into the pools before it, and what nobody can have seen of this moment. */
typedef struct {
    uint8_t pool[UHTTPD_SHA256_SIZE];
    uint32_t fresh[FRESH_WORDS];
    struct timespec moment;
} random_stir_t;

static uint8_t s_pool[UHTTPD_SHA256_SIZE];

static bool random_hash(const void *data, size_t len, uint8_t digest[UHTTPD_SHA256_SIZE])
{
    uhttpd_sha256_t *sha = uhttpd_sha256_begin();
    bool good = sha && uhttpd_sha256_add(sha, data, len) && uhttpd_sha256_end(sha, digest);
    uhttpd_sha256_free(sha);
    return good;
}

static bool random_stir_pool(void)
{
    random_stir_t stir = {0};
    memcpy(stir.pool, s_pool, sizeof(s_pool));
    for (size_t i = 0; i < FRESH_WORDS; i++) {
        stir.fresh[i] = uhttpd_os_random();
    }
    clock_gettime(CLOCK_MONOTONIC, &stir.moment);
    return random_hash(&stir, sizeof(stir), s_pool);
}

/* The digest of the pool, because the pool itself goes into all that follow. */
static bool random_draw(uint8_t block[UHTTPD_SHA256_SIZE])
{
    uhttpd_os_global_lock();
    bool good = random_stir_pool() && random_hash(s_pool, sizeof(s_pool), block);
    uhttpd_os_global_unlock();
    return good;
}

bool uhttpd_random_key(void *out, size_t len)
{
    uint8_t block[UHTTPD_SHA256_SIZE];
    for (uint8_t *at = out; len > 0;) {
        size_t piece = len < sizeof(block) ? len : sizeof(block);
        if (!random_draw(block)) {
            return false;
        }
        memcpy(at, block, piece);
        at += piece;
        len -= piece;
    }
    return true;
}
