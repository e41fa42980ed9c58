/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "app.h"

void stack_order(const char *order)
{
    (void)order;
    printf("the sockets are the computer's\n");
}
