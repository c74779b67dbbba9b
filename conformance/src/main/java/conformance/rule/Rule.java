package conformance.rule;

import conformance.check.Case;
import conformance.json.Json.Fields;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Why a case is not expected to end as in the original.
public sealed interface Rule {
    /// {@return its name in `deviations.md`, as `F9`}
    String id();

    /// {@return whether it applies to a case}
    ///
    /// @param subject the case
    boolean applies(Case subject);

    /// The case pins something that we do otherwise, and what we do is expected instead.
    ///
    /// What is expected instead is computed from what the original did, so that a wrong number there is a wrong number
    /// here too. Only what the original did in the places that are named as replaced is of no account.
    ///
    /// @param id its name
    /// @param when the cases that it applies to
    /// @param instead the case with what is expected instead; its set-up stays, but for what cannot be said here
    /// @param replaced the places of an expectation that it replaces, as `rows[*].message`; a `*` stands for one name or
    /// number, and all below a place goes with it
    record Deviation(
            String id, Predicate<Case> when, UnaryOperator<Case> instead, Set<String> replaced)
            implements Rule {
        /// Copies the set.
        public Deviation {
            replaced = Set.copyOf(replaced);
        }

        /// A rule that computes all that it changes.
        ///
        /// @param id its name
        /// @param when the cases that it applies to
        /// @param instead the case with what is expected instead
        public Deviation(String id, Predicate<Case> when, UnaryOperator<Case> instead) {
            this(id, when, instead, Set.of());
        }

        @Override
        public boolean applies(Case subject) {
            return when.test(subject);
        }

        /// {@return whether it says that it replaces what stands in a place}
        ///
        /// @param path the place, as `rows[2].message`
        public boolean replaces(String path) {
            return replaced.stream()
                    .map(place -> Pattern.quote(place).replace("*", "\\E[^.\\[\\]]+\\Q"))
                    .anyMatch(place -> path.matches(place + "(?:[.\\[].*)?"));
        }
    }

    /// The case has no meaning on the JVM. It is not run, so the rule has to know what its cases may say: a key that it
    /// does not know, at whatever level, is one that nobody has understood.
    ///
    /// @param id its name
    /// @param when the cases that it applies to
    /// @param setup the keys of their set-ups, beside the flags of the trainer, each with those above it:
    /// `EarlyStopping/mode`; below `values/*` the content is free
    /// @param expect the keys of their expectations, beside the error
    record NotApplicable(String id, Predicate<Case> when, Set<String> setup, Set<String> expect)
            implements Rule {
        private static final Set<String> ERROR =
                Set.of(
                        "fit_raises",
                        "constructor_raises",
                        "raises",
                        "error_kind",
                        "message_contains",
                        "message_regex");

        /// The flags of the original's trainer, from all of its versions. Factors of accumulation are by epochs, whatever
        /// these are, so their keys are free; a duration is by its units.
        private static final Set<String> FLAGS =
                Stream.of(
                                """
                                accelerator accumulate_grad_batches/* amp_backend amp_level auto_lr_find
                                auto_scale_batch_size auto_select_gpus barebones benchmark callbacks
                                check_val_every_n_epoch checkpoint_callback default_root_dir detect_anomaly
                                deterministic devices enable_checkpointing enable_model_summary
                                enable_progress_bar fast_dev_run flush_logs_every_n_steps gpus
                                gradient_clip_algorithm gradient_clip_val inference_mode ipus
                                limit_predict_batches limit_test_batches limit_train_batches limit_val_batches
                                log_every_n_steps log_gpu_memory logger max_epochs max_steps max_time/days max_time/hours
                                max_time/minutes max_time/seconds max_time/weeks min_epochs
                                min_steps move_metrics_to_cpu multiple_trainloader_mode num_nodes num_processes
                                num_sanity_val_steps overfit_batches plugins precision prepare_data_per_node
                                process_position profiler progress_bar_refresh_rate
                                reload_dataloaders_every_epoch reload_dataloaders_every_n_epochs
                                replace_sampler_ddp resume_from_checkpoint stochastic_weight_avg strategy
                                sync_batchnorm terminate_on_nan tpu_cores track_grad_norm
                                use_distributed_sampler val_check_interval weights_save_path weights_summary
                                """
                                        .strip()
                                        .split("\\s+"))
                        .map("trainer/"::concat)
                        .collect(Collectors.toUnmodifiableSet());

        /// Copies the sets.
        public NotApplicable {
            setup = Set.copyOf(setup);
            expect = Set.copyOf(expect);
        }

        /// {@return what a case says that is not known, a line each}
        ///
        /// @param subject the case
        public List<String> unknown(Case subject) {
            return Stream.concat(
                            unknown("setup", subject.setup(), setup, FLAGS),
                            unknown("expectation", subject.expect(), expect, ERROR))
                    .toList();
        }

        private static Stream<String> unknown(
                String part, Fields said, Set<String> own, Set<String> common) {
            var known = new HashSet<>(own);
            known.addAll(common);
            return new KnownKeys(known)
                    .unknown(said)
                    .map(key -> "%s key '%s' is not known".formatted(part, key));
        }

        @Override
        public boolean applies(Case subject) {
            return when.test(subject);
        }
    }
}
