"""Which cases are a second line of defence: they run in ``make test-slow``, while others hold the same rule in ``make test``.

A test of many cases keeps some of them in ``make test``, one for each way in which its rule may break; the rest are marked slow here. A
test with no case that stays is held by the tests that its comment names. A test that is slow by its nature carries the mark itself.
"""

from __future__ import annotations

from collections import defaultdict

import pytest

Cases = tuple[str, ...]
"""How the names of the cases begin that stay in ``make test``."""

SLOW: dict[str, dict[str, Cases]] = {
    "test_agents.py": {
        "test_agents_and_engine_agree_event_for_event": ("1",),
    },
    "test_agents_conferences.py": {
        "test_a_fault_planted_at_the_table_is_found": ("attend: everybody", "sign: everybody", "ratify: ratifiers"),
        "test_plain_delegates_and_compiled_ones_agree_event_for_event": ("1",),
        "test_they_agree_beside_talks_between_two": (),  # the seed above, and where blocs sit at the table
    },
    "test_agents_ratify.py": {
        "test_a_fault_planted_in_the_ratifiers_is_found": ("ratify: everything", "ratify: a bloc", "accept"),
        "test_plain_ratifiers_and_compiled_ones_agree_event_for_event": ("7-nash", "12-alternating_offers"),
    },
    "test_app_seat.py": {
        "test_the_film_of_a_game_is_the_run_that_the_saved_game_repeats": (),  # the command of a saved game does: test_game.py
        "test_a_text_that_is_none_is_not_valued": ("nobody's", "-text1", "-text3"),
    },
    "test_benchmarks.py": {
        "test_a_benchmark_runs_for_a_moment": ("bench_growth",),
        "test_this_tree_is_measured_beside_its_last_commit_for_a_moment": (),  # a base that is nowhere is refused
        "test_the_study_that_is_only_pretended_has_shards_as_studies_have_them": (),  # the benchmark of studies runs for a moment, slowly
    },
    "test_breadth.py": {  # that the new files load and nothing else is edited is seen in every run
        "test_in_the_copy": (),
        "test_old_numbers_are_as_they_were_while_the_new_rule_has_no_effect": (),
    },
    "test_coalitions.py": {
        "test_a_fault_planted_in_coalitions_is_found": ("a member speaks",),
        "test_a_year_with_a_coalition_is_the_same_in_plain_python": ("alternating_offers",),
        "test_it_signs_its_members_are_bound_and_none_concludes_alone": ("nash",),
        "test_it_signs_nothing_below_its_reservation_value_and_money_adds_up": ("nash",),
        "test_the_pages_coalitions_run": ("words0",),
    },
    "test_damaged_folders.py": {
        "test_every_verb_refuses_a_damaged_manifest_in_a_sentence": (
            *("empty", "cut short", "a folder", "a run's", "a newer schema", "no plan", "a plan without a sampler", "runs in words"),
            *("no digests of data", "complete without"),
        ),
        "test_a_plan_that_cannot_be_is_refused_where_it_is_needed": ("a scenario", "a size in words"),
        "test_a_damaged_round_is_refused_by_its_reader_and_by_nobody_else": ("cut short", "another number", "ranges", "a chunk of 0"),
        "test_a_damaged_shard_is_named_and_resuming_gives_the_same_table": ("cut short", "a folder", "no column run", "a figure in words"),
        "test_a_damaged_design_is_refused_in_a_sentence_or_made_anew": ("cut short", "a folder", "not saying"),
        "test_the_readers_of_runs_refuse_a_damaged_folder_in_a_sentence": (
            *("manifest.json-cut short", "manifest.json-not finished", "manifest.json-other seeds", "manifest.json-a roster of two"),
            *("manifest.json-metrics", "series.parquet-cut short", "series.parquet-a row twice", "series.parquet-gaps"),
        ),
        "test_every_table_of_a_run_is_looked_at_before_it_is_drawn": ("cut short",),
    },
    "test_doors.py": {
        "test_a_run_that_is_stopped_never_looks_finished": ("2-130",),
        "test_the_command_runs_from_another_folder": (),  # so do the commands of the README
        "test_a_failed_job_does_not_stop_the_others": ("fault0",),
        "test_every_combination_of_a_multirun_gets_its_line_and_nothing_but_outputs": (),  # a multirun gives the same as a single run
        "test_the_door_loads_nothing_heavy_before_the_first_month": (),  # a worker does not: test_house.py
    },
    "test_doors_typed.py": {
        "test_shocks_that_are_typed_and_several_strengths_are_changed_by_their_kind_too": (),  # so are those of the scenario
    },
    "test_doors_words.py": {
        "test_every_parameter_can_be_set_from_the_command_line": (),  # from a configuration: test_parts.py
    },
    "test_environments.py": {
        "test_a_reader_that_goes_away_ends_a_command_quietly": ("sim",),
        "test_a_damaged_kernel_cache_is_compiled_anew": (),  # a kernel runs though its cache cannot be read
    },
    "test_extending.py": {
        "test_the_pages_commands_run": ("parts=mine --help", 'parts=mine "negotiated'),
        "test_a_part_that_fails_in_a_run_is_named_by_file_and_line": (
            *("metrics/mean_trust.py Zero", "metrics/mean_trust.py an inf", "protocols/midway.py protocol", "protocols/midway.py outside"),
            *("shocks/flight_ban.py changes", "agreements/"),
        ),
    },
    "test_failing_disks.py": {
        "test_a_study_on_a_failing_disk_loses_nothing_and_goes_on": ("EIO",),
        "test_a_run_that_cannot_be_written_names_the_file_and_leaves_no_result": ("ENOSPC", "EACCES", "ESTALE"),
    },
    "test_failures_have_reasons.py": {
        "test_a_run_of_any_protocol_leaves_no_failure_without_a_reason": ("nash", "alternating_offers", "single_text"),
    },
    "test_game.py": {
        "test_a_game_without_moves_is_the_run": ("EU-rounds", "IDN-solved"),
        "test_mesa_lives_a_played_game_too_and_agents_decide_for_all_others": (),  # the model and a run: test_model.py
    },
    "test_invariant_plain_world.py": {
        "test_two_years_torn_at_home_are_the_same_in_plain_python": ("alternating_offers",),
        "test_two_years_with_everything_on_are_the_same_in_plain_python": ("nash",),
    },
    "test_invariants_sameness.py": {
        "test_another_process_tells_the_same_story": ("a random hash seed",),
        "test_luck_by_pythons_own_hash_would_be_caught": (),  # a fault planted in the case above
        "test_many_workers_give_the_records_of_one_process": (),  # so does test_study.py
    },
    "test_linkage_twice.py": {
        "test_agents_and_engine_agree_about_packages": ("nash",),
        "test_they_agree_where_blocs_and_legislatures_judge_packages": ("nash-0",),
        "test_a_fault_in_what_is_decided_on_packages_is_found": ("a package takes the staff of two talks", "the nearer ratifier judges"),
        "test_the_twins_do_the_same_with_packages": ("bargaining",),
        "test_a_fault_in_what_becomes_of_packages_is_found": ("bargaining-half", "ratification", "entry"),
    },
    "test_mesa.py": {
        "test_agents_of_a_parts_folder_decide_in_runs_models_games_and_studies": (),  # each of these doors has a test of its own there
        "test_the_pages_examples_run": ("mine",),
    },
    "test_metric_axes.py": {
        "test_a_fault_is_one_sentence_that_names_the_metric_and_its_file": ("{'axis': 'sitez'}", "{'how'", "{'axis': 'type'", "{'values'"),
    },
    "test_model.py": {
        "test_the_model_and_a_run_write_the_same_ledger": ("True-alternating_offers", "False-nash"),
    },
    "test_old_folders.py": {
        "test_an_old_run_is_checked": ("run-full", "run-schema-1", "run-scalars"),
        "test_an_old_run_is_drawn_and_the_report_says_who_wrote_it": ("run-schema-1",),
    },
    "test_paired.py": {
        "test_the_page_of_a_pair_says_what_must_be_said": (),  # the command line writes a comparison
    },
    "test_payments.py": {
        "test_agents_and_engine_agree_about_money": ("7",),
    },
    "test_playing.py": {"test_the_game_in_the_guide_is_played_saved_and_repeated": ()},  # test_game.py plays, saves and repeats
    "test_python_door.py": {
        "test_a_model_copied_under_way_goes_on_to_the_same_digest_and_shares_nothing": ("True-copy", "False-pickle"),
        "test_relative_paths_are_those_of_the_working_folder_in_workers_too": (),  # workers know a folder of parts: test_extending.py
    },
    "test_readme.py": {
        "test_commands_in_the_readme_run": (".venv/bin/python -m sim scenarios=baseline", ".venv/bin/python -m sim --help"),
        "test_python_in_the_readme_runs_and_prints": ("0",),
        "test_the_page_on_the_python_door_runs_from_top_to_bottom": (),  # test_python_door.py
    },
    "test_rerun.py": {"test_the_command_of_a_world_with_codes_of_its_own_gives_the_same_digest": ("codes0",)},
    "test_same.py": {
        "test_one_bit_in_any_array_column_or_metric_is_found_and_named": (),  # a bit flipped on the way is, and a letter in words
    },
    "test_scenario_files.py": {
        "test_a_sweep_takes_files_and_names_together": (),  # one run takes a file, and a study does
    },
    "test_seat_invariants.py": {
        "test_a_seat_can_be_played_under_every_protocol": ("alternating_offers", "take_it_or_leave_it"),
    },
    "test_seat_twin.py": {
        "test_a_played_seat_and_its_twin_do_the_same": ("rounds", "bloc"),
    },
    "test_seen.py": {
        "test_a_metric_that_writes_is_refused_by_file_and_line": (
            *("world.trust", "[setattr(world, 'trust'", "[world.events.append", "[world.instruments", "[world.setting.roster"),
            *("[world.setting.config.tree",),
        ),
    },
    "test_sizes.py": {"test_a_world_of_any_size_meets_trades_and_is_measured": ("10", "193")},
    "test_snapshot.py": {"test_a_run_saved_and_continued_in_a_new_process_is_the_run": ("alternating_offers",)},
    "test_solutions.py": {
        "test_a_small_world_bargains_under_every_protocol": ("alternating_offers", "condorcet", "nash", "rubinstein"),
    },
    "test_study.py": {
        "test_a_study_that_grew_is_the_study_made_large": ("random",),
        "test_any_chunking_gives_the_same_table": ("4",),
        "test_a_full_disk_leaves_no_shard_and_a_study_to_resume": ("28",),
        "test_a_worker_loads_neither_mesa_nor_plots": (),  # test_house.py
        "test_growing_that_was_cut_short_goes_on_where_it_stands": (),  # a resumed study is the study
        "test_damaged_series_are_made_again_with_their_shard": (),  # a damaged shard is: test_damaged_folders.py
    },
    "test_study_doors.py": {
        "test_an_interruption_ends_all_workers_and_says_how_to_go_on": (),  # test_study_leaving.py hears signals, test_doors.py tells
    },
    "test_study_executors.py": {
        "test_a_shard_whose_worker_was_killed_is_done_again_run_by_run": (),  # that of a job that died is: test_study_deaths.py
    },
    "test_study_foreign.py": {
        "test_a_strangers_programs_are_submitted_only_with_a_persons_word": ("setting0", "setting3"),
    },
    "test_study_lean.py": {
        "test_a_study_imports_neither_pandas_nor_mesa": (),  # nor does a worker: test_study.py, test_house.py
        "test_growing_streams_what_was_there": (),  # a study that grew is the study made large: test_study.py
    },
    "test_study_same.py": {
        "test_an_element_that_starts_after_an_edit_refuses_and_a_check_says_so": (),  # what is compared everywhere, below
        "test_parts_are_compared_whole_before_their_code_is_run": ("a helper",),
        "test_tables_that_change_in_the_middle_are_seen": (),  # scenarios that change in the middle are
        "test_whatever_decides_a_number_is_compared_everywhere": ("a scenario", "the model", "the version of numba"),
    },
    "test_study_sound.py": {
        "test_a_damaged_design_is_made_anew_from_the_plan": (),  # test_damaged_folders.py
        "test_a_manifest_of_before_two_growths_catches_up_step_by_step": (),  # a design of before a growth does
        "test_a_check_names_the_file_with_a_flipped_bit": ("shards", "design", "kept"),
        "test_no_flipped_bit_of_a_table_goes_unseen": ("series/", "scalars"),
        "test_values_that_were_changed_with_care_are_found": (
            *("a scalar of the table", "a row of the table", "a scalar of a shard times 100, digests", "a design without"),
            *("months of a shard", "a table of a kept run"),
        ),
    },
    "test_threads.py": {
        "test_eight_threads_of_a_fresh_process_find_all_parts": (),  # four threads do what each does alone
        "test_games_models_and_studies_in_threads_keep_to_their_own_parts": (),
    },
    "test_tit_for_tat.py": {"test_a_fault_planted_in_the_imitation_is_found_by_the_plain_sides": ("both imitate",)},
    "test_twin_conferences.py": {
        "test_a_fault_planted_in_the_conferences_is_found": ("the first leaves", "notice", "blocs"),
        "test_a_fault_planted_in_votes_and_coalitions_is_found": ("who stays", "only those"),
        "test_the_conferences_and_their_twin_do_the_same": ("24",),
        "test_they_do_the_same_under_any_protocol_for_many": ("kalai_smorodinsky",),
        "test_they_do_the_same_under_any_vote_and_with_stable_coalitions": ("qualified_majority",),
    },
    "test_twins.py": {  # two walks that go under both kinds of protocol, with levers, ratifiers at home and without
        "test_a_mechanism_and_its_twin_do_the_same": ("lockdown, nash", "torn at home, offers"),
        "test_a_walk_is_long_enough_for_what_it_has_to_see": ("lockdown, nash", "torn at home, offers"),
        "test_everything_that_can_happen_to_talks_and_instruments_happened": (),
        "test_those_at_home_refuse_as_well_as_ratify": ("torn at home, offers",),
        "test_what_a_mechanism_may_write_was_written_on_the_way": (),
    },
    "test_words.py": {
        "test_a_vocabulary_travels_to_workers": (),  # parts do: test_extending.py
    },
}


def divide(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the second line slow, and keep what the table above names in vain, which a test looks at."""
    named: dict[tuple[str, str], list[str]] = defaultdict(list)
    for item in items:
        test, _, case = item.name.partition("[")
        stay = SLOW.get(item.path.name, {}).get(test)
        if stay is not None:
            case = case.removesuffix("]")
            named[item.path.name, test].append(case)
            if not case.startswith(stay):
                item.add_marker(pytest.mark.slow)
    whole = {item.path.name for item in items} if not any("::" in word for word in config.args) else set()
    config.stash[IN_VAIN] = [
        f"{file}::{test}[{begins}]" if begins else f"{file}::{test}"
        for file, tests in SLOW.items()
        for test, stay in tests.items()
        for begins in stay or ("",)
        if file in whole and not any(case.startswith(begins) for case in named[file, test])
    ]


IN_VAIN = pytest.StashKey[list[str]]()
