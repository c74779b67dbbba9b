package tensor.data;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.SequencedMap;

/// Takes one batch of every lane at a time.
final class CombinedCursor implements BatchCursor {
    private final CombinedSource.Mode mode;
    private final List<CombinedLane> lanes;
    private long position;
    private boolean closed;

    CombinedCursor(CombinedSource.Mode mode, List<CombinedLane> lanes, long position) {
        this.mode = mode;
        this.lanes = lanes;
        this.position = position;
    }

    @Override
    public boolean hasNext() {
        return switch (mode) {
            case MIN_SIZE -> lanes.stream().allMatch(CombinedLane::hasNext);
            case MAX_SIZE_CYCLE ->
                    lanes.stream().anyMatch(lane -> lane.inFirstRound() && lane.hasNext());
        };
    }

    @Override
    public Batch next() {
        if (closed) {
            throw new IllegalStateException(
                    "CombinedSource: the cursor is closed; open another at position " + position);
        }
        if (!hasNext()) {
            throw new NoSuchElementException(
                    "CombinedSource: the epoch has %d batches and all are consumed"
                            .formatted(position));
        }
        SequencedMap<String, Batch> parts = new LinkedHashMap<>();
        try {
            lanes.forEach(lane -> parts.put(lane.name(), lane.next()));
        } catch (RuntimeException | Error e) {
            // The lanes before the faulty one give the same batch again at the next call.
            lanes.subList(0, parts.size()).forEach(CombinedLane::back);
            throw e;
        }
        position++;
        return Batch.combine(parts);
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public void close() {
        closed = true;
        lanes.forEach(CombinedLane::close);
    }
}
