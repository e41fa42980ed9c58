/* SPDX-License-Identifier: MIT */
/* Included by ESP-IDF, and not used. */
#pragma once
