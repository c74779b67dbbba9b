package conformance.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import conformance.check.NotUnderstoodException;
import conformance.json.Json;
import conformance.json.Json.Fields;
import java.util.List;
import org.junit.jupiter.api.Test;

class HookNamesTest {
    private static Fields hook(String name, Object... args) {
        return Fields.EMPTY.with("hook", name).with("args", List.of(args));
    }

    @Test
    void aHookIsWrittenWithTheNumbersThatItIsTold() {
        var hooks =
                Json.of(
                        List.of(
                                hook(
                                        "Callback.on_train_batch_end",
                                        "<trainer>",
                                        "<model>",
                                        Fields.EMPTY.with("loss", "<ANY>"),
                                        "<ANY>",
                                        3),
                                hook("on_validation_batch_start", "<ANY>", 1, 0),
                                hook("on_fit_start"),
                                Fields.EMPTY
                                        .with("hook", "setup")
                                        .with("kwargs", Fields.EMPTY.with("stage", "fit"))));

        assertEquals(
                List.of(
                        "Callback.on_train_batch_end(3)",
                        "on_validation_batch_start(1, 0)",
                        "on_fit_start",
                        "setup(stage=fit)"),
                HookNames.of(hooks));
    }

    @Test
    void anObjectIsWrittenIfAllOfItIsCompared() {
        var known = hook("Callback.load_state_dict", Fields.EMPTY.with("foo", true));
        var open = hook("on_train_batch_end", Fields.EMPTY.with("loss", "<ANY>"), "<ANY>", 0);

        assertEquals(
                List.of("Callback.load_state_dict({foo: true})", "on_train_batch_end(0)"),
                HookNames.of(Json.of(List.of(known, open))));
    }

    @Test
    void whatIsNeitherAnObjectNorNothingIsWritten() {
        var told =
                hook("optimizer_step", 0, 2, "<ANY>", 1, "<ANY>")
                        .with(
                                "kwargs",
                                Fields.EMPTY.with("on_tpu", false).with("using_lbfgs", true));

        assertEquals(
                List.of("optimizer_step(0, 2, 1, using_lbfgs=true)"),
                HookNames.of(Json.of(List.of(told))));
    }

    @Test
    void aHookWithoutANameOrWithMoreIsNotUnderstood() {
        var nameless = List.of(Fields.EMPTY.with("args", List.of(1)));
        var more = List.of(hook("on_fit_start").with("at", 3));

        assertEquals(
                "a hook has no name: {\"args\": [1]}",
                assertThrows(NotUnderstoodException.class, () -> HookNames.of(Json.of(nameless)))
                        .getMessage());
        assertEquals(
                "'on_fit_start' has more than hook, args and kwargs:"
                        + " {\"hook\": \"on_fit_start\", \"args\": [], \"at\": 3}",
                assertThrows(NotUnderstoodException.class, () -> HookNames.of(Json.of(more)))
                        .getMessage());
    }

    @Test
    void aHookThatIsToldSomethingElseIsNotUnderstood() {
        var checkpoint =
                Fields.EMPTY
                        .with("state_dict", "<ANY>")
                        .with("callbacks", "<ANY>")
                        .with("epoch", 0)
                        .with("global_step", 2)
                        .with("loops", "<ANY>")
                        .with("lr_schedulers", "<ANY>")
                        .with("optimizer_states", "<ANY>")
                        .with("pytorch-lightning_version", "1.9.5");
        var output = Fields.EMPTY.with("x", "<ANY>");

        assertEquals(
                List.of(), HookNames.of(Json.of(List.of(hook("on_save_checkpoint", checkpoint)))));
        for (Fields wrong :
                List.of(
                        hook("on_save_checkpoint", checkpoint.with("nonsense", 1)),
                        hook("on_save_checkpoint", checkpoint.without("loops")),
                        hook("on_save_checkpoint", checkpoint.with("epoch", "<ANY>")),
                        hook("on_save_checkpoint", checkpoint.with("state_dict", 3)),
                        hook(
                                "on_load_checkpoint",
                                checkpoint.with("pytorch-lightning_version", "x")),
                        hook("Callback.on_save_checkpoint", checkpoint),
                        hook("validation_step_end"),
                        hook("validation_step_end", output, 77),
                        hook("validation_step_end", output.with("zzz", 5)),
                        hook("validation_step_end", "<ANY>, <ANY>"),
                        hook("on_fit_start", "<ANY>"),
                        hook("setup").with("kwargs", Fields.EMPTY.with("step", "fit")))) {
            assertThrows(
                    NotUnderstoodException.class,
                    () -> HookNames.of(Json.of(List.of(wrong))),
                    wrong.toString());
        }
        assertEquals(
                "'validation_step_end' is told [] and {}, which no hook of this name is",
                assertThrows(
                                NotUnderstoodException.class,
                                () -> HookNames.of(Json.of(List.of(hook("validation_step_end")))))
                        .getMessage());
    }

    @Test
    void aModuleIsSetToTheModeOfWhatComesNext() {
        var evaluation = hook("on_validation_model_eval");
        var training = hook("on_validation_model_train");

        assertEquals(
                List.of(),
                HookNames.of(
                        Json.of(
                                List.of(
                                        hook("train", false),
                                        evaluation,
                                        hook("train", true),
                                        training))));
        assertEquals(
                "'train(true)' stands before 'on_validation_model_eval'",
                assertThrows(
                                NotUnderstoodException.class,
                                () ->
                                        HookNames.of(
                                                Json.of(List.of(hook("train", true), evaluation))))
                        .getMessage());
    }

    @Test
    void whatWeCanSayOfHooksThatWeLackIsTold() {
        var saved =
                Fields.EMPTY.with("global_step", 2).with("epoch", 0).with("state_dict", "<ANY>");

        assertEquals(
                List.of("transfer_batch_to_device[1]", "Callback.on_save_checkpoint[0, 2]"),
                HookNames.lackingButTold(
                        Json.of(
                                List.of(
                                        hook("transfer_batch_to_device", "<ANY>", "cpu", 1),
                                        hook("train", true),
                                        "on_save_checkpoint",
                                        hook(
                                                "Callback.on_save_checkpoint",
                                                "<trainer>",
                                                "<model>",
                                                saved)))));
    }

    @Test
    void whatOnlyOneSideHasIsLeftOut() {
        for (String lacking :
                List.of(
                        "configure_sharded_model",
                        "on_validation_model_eval",
                        "transfer_batch_to_device",
                        "training_step_end",
                        "Callback.on_save_checkpoint",
                        "on_train_epoch_measured")) {
            assertFalse(HookNames.shared(lacking), lacking);
        }
        for (String shared :
                List.of("on_train_batch_end(3)", "optimizer_zero_grad", "validation_epoch_end")) {
            assertTrue(HookNames.shared(shared), shared);
        }
    }

    @Test
    void aNumberThatMeansNothingIsNotTold() {
        assertEquals("backward", HookNames.told("backward", -1));
        assertEquals("on_test_batch_end(2, 0)", HookNames.told("on_test_batch_end", 2, 0));
    }
}
