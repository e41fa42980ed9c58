/* SPDX-License-Identifier: MIT */

/*
 * A page with two forms: a small one that is read as a whole, and one for files of any size, of which only the digests are
 * kept:
 *     curl -d name=Ann -d colour=red -d colour=blue http://BOARD/greet
 *     curl -F file=@firmware.bin http://BOARD/digest
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "esp_err.h"
#include "esp_event.h"
#include "esp_netif.h"
#include "nvs_flash.h"
#include "protocol_examples_common.h"
#include "uhttpd.h"
#include "uhttpd_digest.h"
#include "uhttpd_form.h"

#define FORM_MAX 1024 /* bytes of a small form */

static const char s_page[] =
    "<!doctype html><title>Forms</title>"
    "<form method=post action=/greet><input name=name placeholder=Name>"
    "<label><input type=checkbox name=colour value=red>red</label>"
    "<label><input type=checkbox name=colour value=blue>blue</label><button>Greet</button></form>"
    "<form method=post action=/digest enctype=multipart/form-data>"
    "<input type=file name=file multiple><button>Compute digests</button></form>";

static esp_err_t get_page(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    return uhttpd_write(req, s_page, sizeof(s_page) - 1, NULL);
}

/* --- a small form ------------------------------------------------------------------------------------------------- */

/* As plain text, so that nothing in it is HTML. */
static esp_err_t greet(uhttpd_req_t *req, const uhttpd_form_t *form)
{
    char text[FORM_MAX + 64];
    const char *name = uhttpd_form_value(form, "name", 0), *colour;
    int len = snprintf(text, sizeof(text), "Hello, %s\n", name != NULL ? name : "nobody");
    for (size_t i = 0; (colour = uhttpd_form_value(form, "colour", i)) != NULL && len < (int)sizeof(text); i++) {
        len += snprintf(text + len, sizeof(text) - (size_t)len, "%s\n", colour);
    }
    return uhttpd_write(req, text, strlen(text), &(uhttpd_response_t) {.mime = "text/plain; charset=utf-8"});
}

/* What is wrong with a form, the client is told by the error that is returned. */
static esp_err_t post_greet(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    uhttpd_form_t *form;
    esp_err_t err = uhttpd_read_form(req, FORM_MAX, &form);
    err = err == ESP_OK ? greet(req, form) : err;
    uhttpd_form_free(form);
    return err;
}

/* --- files, while they come --------------------------------------------------------------------------------------- */

typedef struct {
    uhttpd_sha256_t *sha; /* of the file that is coming; NULL: none */
    char *at, *end;       /* room for text that is left */
    char text[1024];
} digests_t;

static esp_err_t begin_file(void *ctx, const uhttpd_part_t *part)
{
    digests_t *digests = ctx;
    if (part->filename == NULL) { /* an ordinary field */
        return ESP_OK;
    }
    if (digests->end - digests->at < (int)strlen(part->filename) + 2 * UHTTPD_SHA256_SIZE + 4) {
        return ESP_ERR_NO_MEM;
    }
    digests->at += snprintf(digests->at, (size_t)(digests->end - digests->at), "%s: ", part->filename);
    digests->sha = uhttpd_sha256_begin();
    return digests->sha != NULL ? ESP_OK : ESP_ERR_NO_MEM;
}

static esp_err_t add_piece(void *ctx, const void *data, size_t len)
{
    digests_t *digests = ctx;
    return digests->sha == NULL || uhttpd_sha256_add(digests->sha, data, len) ? ESP_OK : ESP_FAIL;
}

static esp_err_t end_file(void *ctx)
{
    digests_t *digests = ctx;
    uint8_t digest[UHTTPD_SHA256_SIZE];
    if (digests->sha == NULL) {
        return ESP_OK;
    }
    if (!uhttpd_sha256_end(digests->sha, digest)) {
        return ESP_FAIL;
    }
    for (size_t i = 0; i < sizeof(digest); i++) {
        digests->at += snprintf(digests->at, (size_t)(digests->end - digests->at), "%02x", digest[i]);
    }
    digests->at += snprintf(digests->at, (size_t)(digests->end - digests->at), "\n");
    uhttpd_sha256_free(digests->sha);
    digests->sha = NULL;
    return ESP_OK;
}

static esp_err_t digests_done(uhttpd_req_t *req, void *ctx, esp_err_t result)
{
    digests_t *digests = ctx;
    const uhttpd_response_t plain = {.mime = "text/plain; charset=utf-8"};
    esp_err_t err = result == ESP_OK ? uhttpd_write(req, digests->text, strlen(digests->text), &plain) : result;
    uhttpd_sha256_free(digests->sha);
    free(digests);
    return err;
}

static esp_err_t post_digest(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    digests_t *digests = calloc(1, sizeof(*digests));
    if (digests == NULL) {
        return ESP_ERR_NO_MEM;
    }
    digests->at = digests->text;
    digests->end = digests->text + sizeof(digests->text);
    const uhttpd_parts_sink_t sink = {
        .begin = begin_file, .write = add_piece, .end = end_file, .done = digests_done, .ctx = digests};
    esp_err_t err = uhttpd_read_parts_to(req, &sink);
    if (err != ESP_OK) { /* then nothing of the sink is called */
        free(digests);
    }
    return err;
}

void app_main(void)
{
    ESP_ERROR_CHECK(nvs_flash_init());
    ESP_ERROR_CHECK(esp_netif_init());
    ESP_ERROR_CHECK(esp_event_loop_create_default());
    ESP_ERROR_CHECK(example_connect());

    uhttpd_config_t config = UHTTPD_DEFAULT_CONFIG();
    config.max_body = 0; /* files may have any length */
    uhttpd_handle_t server;
    ESP_ERROR_CHECK(uhttpd_start(&config, &server));
    static const uhttpd_route_t routes[] = {
        {.url = "/", .methods = UHTTPD_GET, .handler = get_page},
        {.url = "/greet", .methods = UHTTPD_POST, .handler = post_greet},
        {.url = "/digest", .methods = UHTTPD_POST, .handler = post_digest},
    };
    for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
        ESP_ERROR_CHECK(uhttpd_route(server, &routes[i]));
    }
    printf("listening on port %u\n", uhttpd_port(server));
}
