/* SPDX-License-Identifier: MIT */
#pragma once

#include "esp_http_server.h"

/* Answers on the socket itself, as the components do. */
void answer_word(httpd_req_t *r, const char *word);

void start_workers(void);
void stop_workers(void);

/* Makes a worker answer, and if @p end is set, end the connection. */
esp_err_t answer_in_worker(httpd_req_t *r, bool end);

/* Keeps the request until complete_held(). */
esp_err_t hold_request(httpd_req_t *r);

/* Answers all held requests, or ends them in silence. @return how many there were */
int complete_held(bool silent);
