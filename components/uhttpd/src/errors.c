/* SPDX-License-Identifier: MIT */
#include "errors.h"

#include <stdlib.h>
#include <string.h>

#include "esp_check.h"
#include "http/text.h"
#include "server.h"

static const char *TAG = "uhttpd";

void uh_error_pages_free(uh_error_page_t *page)
{
    while (page) {
        uh_error_page_t *next = page->next;
        free(page);
        page = next;
    }
}

/* --- what programs set -------------------------------------------------------------------------------------------- */

static bool page_is_valid(const uhttpd_error_page_t *page)
{
    bool has_status = page->status == 0 || (page->status >= 400 && page->status <= 599);
    return has_status && !page->handler == !!page->text && (!page->mime || uh_field_valid(page->mime));
}

static uh_error_page_t *copy_of_page(const uhttpd_error_page_t *page)
{
    size_t len = page->text ? strlen(page->text) : 0;
    size_t mime_size = page->mime ? strlen(page->mime) + 1 : 0;
    uh_error_page_t *copy = malloc(sizeof(*copy) + len + 1 + mime_size);
    if (!copy) {
        return NULL;
    }
    *copy = (uh_error_page_t) {.public = *page, .len = len};
    copy->public.text = memcpy(copy->text, page->text ? page->text : "", len + 1);
    copy->public.mime = mime_size ? memcpy(copy->text + len + 1, page->mime, mime_size) : NULL;
    return copy;
}

esp_err_t uhttpd_error_page(uhttpd_handle_t server, const uhttpd_error_page_t *page)
{
    ESP_RETURN_ON_FALSE(page_is_valid(page), ESP_ERR_INVALID_ARG, TAG,
                        "an error page needs a status of 400 to 599, and either a handler or a text");
    uh_error_page_t *copy = copy_of_page(page);
    if (!copy) {
        return ESP_ERR_NO_MEM;
    }
    copy->next = atomic_load(&server->error_pages);
    while (!atomic_compare_exchange_weak(&server->error_pages, &copy->next, copy)) {
    }
    return ESP_OK;
}

/* --- which page --------------------------------------------------------------------------------------------------- */

/* These tell of a server that is short of something, or protect it: they must cost nothing, and depend on nobody. What
 * answers a page that has its own name resolve here (421) must tell it nothing. */
static bool has_no_page(int status)
{
    return status == 408 || status == 414 || status == 421 || status == 429 || status == 431 || status == 503;
}

const uh_error_page_t *uh_error_find(const uh_session_t *session, int status)
{
    const uh_error_page_t *page = atomic_load(&session->server->error_pages), *any = NULL;
    if (!page || session->req.refused || session->req.had_error || has_no_page(status)) {
        return NULL;
    }
    for (; page; page = page->next) {
        if (page->public.status == status) {
            return page;
        }
        any = !any && page->public.status == 0 ? page : any;
    }
    return any;
}

bool uh_error_needs_worker(const uh_session_t *session, int status)
{
    const uh_error_page_t *page = uh_error_find(session, status);
    return page && page->public.handler;
}

/* --- answering ---------------------------------------------------------------------------------------------------- */

int uhttpd_req_error(const uhttpd_req_t *req, const char **reason)
{
    if (reason) {
        *reason = req->error ? req->error->reason : NULL;
    }
    return req->error ? req->error->status : 0;
}

uhttpd_response_t uh_error_response(const uhttpd_req_t *req, const uhttpd_response_t *response)
{
    uhttpd_response_t own = response ? *response : (uhttpd_response_t) {0};
    if (req->error && !own.status) {
        own.status = req->error->line;
    }
    return own;
}
