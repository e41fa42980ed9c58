# SPDX-License-Identifier: MIT
"""The promises of MicroPython's documents about webrepl and _webrepl, each with its tests.

The promises are in this project's own words, in the order of the documents.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent

WEBREPL = {
    # the module
    "the prompt and file transfer over a WebSocket": [
        "test_a_client_has_the_prompt",
        "test_it_puts_and_gets_files",
    ],
    "a small page elsewhere is the client, where it is asked for": [
        "test_the_page_loads_its_client_from_the_static_host",
    ],
    "port 8266 by default": ["test_the_port_is_8266_by_default"],
    "the REPL is duplicated onto the stream by os.dupterm()": [
        "test_a_session_is_the_duplicated_terminal",
    ],
    "one client at a time; others are rejected": [
        "test_a_second_client_is_rejected",
        "test_a_client_of_the_firmware_is_one_too",
    ],
    "the example: a password in the call, or in webrepl_cfg": [
        "test_a_client_has_the_prompt",
        "test_the_configuration_has_password_and_origins",
    ],
    # start()
    "start() starts the listener": ["test_the_port_that_is_named_is_taken"],
    "without a password it is that of webrepl_cfg": [
        "test_the_configuration_has_password_and_origins",
    ],
    "webrepl_setup makes webrepl_cfg": ["test_it_is_enabled_with_a_password"],
    "without webrepl_cfg a warning, and no server": [
        "test_without_a_configuration_a_warning_is_printed_and_nothing_started",
    ],
    "port chooses the TCP port": ["test_the_port_that_is_named_is_taken"],
    "accept_handler is called when a client connects": [
        "test_the_handler_gets_the_listening_socket",
        "test_a_handler_that_raises_is_called_again",
    ],
    "by default the handshake goes on in the background": [
        "test_a_client_of_a_busy_program_gets_in",
    ],
    "None as accept_handler is the foreground": ["test_the_foreground_waits_for_a_client"],
    # start_foreground() and stop()
    "start_foreground() returns when a client has come": [
        "test_the_foreground_waits_for_a_client",
        "test_ctrl_c_ends_the_wait_in_the_foreground",
    ],
    "stop() closes listener and client, and leaves the terminal": [
        "test_stop_closes_the_port_and_disconnects",
        "test_stop_leaves_a_terminal_of_others_alone",
        "test_the_port_is_free_at_once_again",
    ],
    # accept_conn()
    "accept_conn() accepts what waits, and shakes hands": [
        "test_a_session_is_the_duplicated_terminal",
    ],
    "beside a client it rejects, and returns False": [
        "test_a_second_client_is_rejected",
        "test_a_client_of_the_firmware_is_one_too",
    ],
    "the WebSocket is wrapped by _webrepl and attached": [
        "test_a_session_is_the_duplicated_terminal",
    ],
    "it can be given to start()": ["test_a_client_has_the_prompt"],
    # server_handshake() and send_html()
    "server_handshake() answers with the headers that belong to the request": [
        "test_a_handshake_is_answered_with_the_key_that_belongs_to_it",
        "test_handshakes_of_all_kinds_of_clients",
    ],
    "True for an upgrade, else False, and send_html() may follow": [
        "test_any_other_request_is_no_handshake",
        "test_a_client_that_goes_in_the_middle",
        "test_the_default_page_of_a_program_that_accepts_itself",
    ],
    "send_html() answers with a small page that names static_host, and closes": [
        "test_the_page_loads_its_client_from_the_static_host",
    ],
    # attributes
    "DEBUG traces requests and handshakes on sys.stdout": [
        "test_requests_and_handshakes_are_traced",
    ],
    "DEBUG is 0 at first": ["test_tracing_is_off_by_default", "test_attributes"],
    "static_host is where the page's client comes from": [
        "test_the_page_loads_its_client_from_the_static_host",
        "test_the_page_is_the_boards_own_unless_another_host_is_named",
    ],
    "its default is MicroPython's own host": ["test_attributes"],
    "BASE of webrepl_cfg, or an assignment, changes it": [
        "test_the_configuration_names_the_static_host",
        "test_the_page_loads_its_client_from_the_static_host",
    ],
    "listen_s is what is listened on, None without": [
        "test_listen_s_and_client_s",
        "test_listen_s_and_client_s_of_a_program_that_accepts_itself",
    ],
    "start() sets it, stop() clears it": ["test_stop_closes_the_port_and_disconnects"],
    "client_s is who is connected, None without": [
        "test_listen_s_and_client_s",
        "test_listen_s_and_client_s_of_a_program_that_accepts_itself",
    ],
    "accept_conn() sets it, stop() clears it": [
        "test_listen_s_and_client_s_of_a_program_that_accepts_itself",
        "test_stop_closes_the_port_and_disconnects",
    ],
}

STREAMS = {
    "_webrepl takes terminal and file transfer of one WebSocket apart": [
        "test_a_file_is_stored_and_fetched",
        "test_both_kinds_of_websocket_can_be_wrapped",
    ],
    "a function is told when somebody connects to a listening socket": [
        "test_the_handler_gets_the_listening_socket",
    ],
    "what cannot handle its exceptions is ended, and not asked again and again": [
        "test_a_read_that_fails_ends_the_session_once_and_for_all",
        "test_a_write_that_fails_does_too",
        "test_dupterm_gives_a_broken_stream_up_and_says_so_once",
    ],
    "nothing is lost that came before a connection was accepted": [
        "test_input_with_the_handshake_is_not_lost",
        "test_nothing_behind_the_request_is_read",
    ],
    "input: what is there, and no more": ["test_reading_asks_the_stream_once"],
    "output: all of it, since nobody else keeps it": [
        "test_all_output_goes_out",
        "test_a_stream_that_takes_little_gets_all",
    ],
    "a socket that does not block refuses what does not fit: it is offered again": [
        "test_a_stream_that_takes_little_gets_all",
        "test_a_client_that_takes_nothing_cannot_hold_python",
    ],
    "no state is shared between sessions": [
        "test_sessions_do_not_disturb_each_other",
        "test_two_threads_in_one_session",
    ],
    "nothing that was read is returned twice": [
        "test_input_comes_in_order_and_once",
    ],
    "entering, running and leaving raw mode needs no pause": [
        "test_raw_mode_a_thousand_times_in_one_breath",
        "test_every_one_of_them_is_answered",
        "test_raw_paste_mode_again_and_again",
    ],
}

PROMISES = WEBREPL | STREAMS


def names_of_tests() -> set[str]:
    """The names of all tests."""
    trees = (ast.parse(path.read_text()) for path in HERE.glob("test_*.py"))
    return {node.name for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("promise", PROMISES)
def test_every_promise_has_its_test(promise: str) -> None:
    assert PROMISES[promise]
    assert set(PROMISES[promise]) <= names_of_tests()
