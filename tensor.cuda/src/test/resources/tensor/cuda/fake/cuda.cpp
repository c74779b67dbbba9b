// A libcuda that does on this processor what a driver does on a device: memory is the host's, what is started is done at
// once, and code is a shared library of the libnvrtc beside it, or PTX of our bundle, for which such code of the same text lies in
// the folder ptx beside this. Its answers are set by variables: FAKE_CUDA_INIT (a status),
// FAKE_CUDA_VERSION, FAKE_CUDA_DEVICES, FAKE_CUDA_CAPABILITY, FAKE_CUDA_BYTES.
//
// It looks at what the host does: a call without a context, a copy beyond its memory and a barrier that not all threads of a
// group come to are errors.
#include <climits>
#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <mutex>
#include <string>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>
#include <vector>

namespace {
enum { SUCCESS = 0, INVALID_VALUE = 1, OUT_OF_MEMORY = 2, NO_CONTEXT = 201, NO_DEVICE = 100, INVALID_IMAGE = 200,
       NOT_FOUND = 500, ILLEGAL_ADDRESS = 700, LAUNCH_FAILED = 719 };

struct Place3 { unsigned x, y, z; };
struct Thread { Place3 thread, block, size; void (*wait)(); };
struct Module { void *library; };
struct Function { void (*call)(void **); Thread **thread; int (*sizes)(unsigned long *); };

std::mutex lock;
std::map<char *, size_t> blocks;
size_t used = 0;
thread_local void *current = nullptr;
int context_of_device;

// A stream does at once what it is told, or records it.
struct Stream { bool records; std::vector<std::function<int()>> calls; };
Stream *stream_of_all = new Stream{false, {}};

long number(const char *name, long other) {
    const char *value = std::getenv(name);
    return value ? std::atol(value) : other;
}

// Whether such a piece lies in one block.
bool inside(const void *at, size_t length) {
    char *first = (char *)at;
    auto next = blocks.upper_bound(first);
    if (next == blocks.begin()) {
        return false;
    }
    --next;
    return first + length <= next->first + next->second;
}

// Threads of a group, each with a stack of its own, which take turns at barriers.
const size_t STACK = 64 << 10;
const unsigned MOST = 1024;
ucontext_t scheduler;
ucontext_t fibers[MOST];
bool ended[MOST];
unsigned running;
char *stacks;
Thread place;
const Function *started;
void **arguments;

// A thread is begun by its context, which takes calls of the system, and goes on by a jump, which takes none.
jmp_buf scheduled;
jmp_buf waiting[MOST];

void wait() {
    if (_setjmp(waiting[running]) == 0) {
        _longjmp(scheduled, 1);
    }
}

void fiber() {
    started->call(arguments);
    ended[running] = true;
    _longjmp(scheduled, 1);
}

void begin(unsigned thread) {
    getcontext(&fibers[thread]);
    fibers[thread].uc_stack.ss_sp = stacks + thread * STACK;
    fibers[thread].uc_stack.ss_size = STACK;
    fibers[thread].uc_link = &scheduler;
    ended[thread] = false;
    makecontext(&fibers[thread], fiber, 0);
}

// Goes on with a thread until its next barrier, or its end.
void go(unsigned thread, bool begins) {
    running = thread;
    place.thread.x = thread;
    if (_setjmp(scheduled) == 0) {
        if (begins) {
            swapcontext(&scheduler, &fibers[thread]);
        } else {
            _longjmp(waiting[thread], 1);
        }
    }
}

// Threads that do not come to a barrier need no stack of their own: the first one tells.
int group(unsigned threads) {
    begin(0);
    go(0, true);
    if (ended[0]) {
        for (unsigned i = 1; i < threads; i++) {
            place.thread.x = i;
            started->call(arguments);
        }
        return SUCCESS;
    }
    for (unsigned i = 1; i < threads; i++) {
        begin(i);
        go(i, true);
    }
    while (true) {
        unsigned all = 0;
        for (unsigned i = 0; i < threads; i++) {
            all += ended[i];
        }
        if (all != 0) {
            return all == threads ? SUCCESS : LAUNCH_FAILED;
        }
        for (unsigned i = 0; i < threads; i++) {
            go(i, false);
        }
    }
}
} // namespace

extern "C" {
int cuInit(unsigned) { return (int)number("FAKE_CUDA_INIT", SUCCESS); }

int cuGetErrorString(int, const char **text) {
    *text = "said by the fake";
    return SUCCESS;
}

int cuGetErrorName(int, const char **text) { return cuGetErrorString(0, text); }

int cuDriverGetVersion(int *version) {
    *version = (int)number("FAKE_CUDA_VERSION", 13000);
    return SUCCESS;
}

int cuDeviceGetCount(int *count) {
    *count = (int)number("FAKE_CUDA_DEVICES", 1);
    return SUCCESS;
}

int cuDeviceGet(int *device, int which) {
    *device = which;
    return SUCCESS;
}

int cuDeviceGetName(char *name, int length, int device) {
    std::snprintf(name, (size_t)length, "Fake %d", device);
    return SUCCESS;
}

int cuDeviceTotalMem_v2(size_t *bytes, int) {
    *bytes = (size_t)number("FAKE_CUDA_BYTES", 1L << 30);
    return SUCCESS;
}

int cuDeviceTotalMem(size_t *bytes, int device) { return cuDeviceTotalMem_v2(bytes, device); }

int cuDeviceGetAttribute(int *value, int attribute, int) {
    const int capability = (int)number("FAKE_CUDA_CAPABILITY", 80);
    *value = attribute == 75   ? capability / 10
             : attribute == 76 ? capability % 10
             : attribute == 36 ? (int)number("FAKE_CUDA_MEMORY_CLOCK", 1215000)
             : attribute == 37 ? 5120
                               : 0;
    return SUCCESS;
}

int cuDevicePrimaryCtxRetain(void **context, int) {
    *context = &context_of_device;
    return SUCCESS;
}

int cuCtxSetCurrent(void *context) {
    current = context;
    return SUCCESS;
}

int cuStreamCreate(Stream **stream, unsigned) {
    *stream = new Stream{false, {}};
    return current ? SUCCESS : NO_CONTEXT;
}

int cuStreamDestroy_v2(Stream *stream) {
    delete stream;
    return current ? SUCCESS : NO_CONTEXT;
}

int cuStreamDestroy(Stream *stream) { return cuStreamDestroy_v2(stream); }

int cuStreamBeginCapture_v2(Stream *stream, int mode) {
    if (!current || stream->records || mode != 2) {
        return current ? INVALID_VALUE : NO_CONTEXT;
    }
    stream->records = true;
    return SUCCESS;
}

int cuStreamEndCapture(Stream *stream, Stream **graph) {
    if (!current || !stream->records) {
        return current ? INVALID_VALUE : NO_CONTEXT;
    }
    *graph = new Stream{false, stream->calls};
    *stream = Stream{false, {}};
    return SUCCESS;
}

int cuGraphInstantiateWithFlags(Stream **made, Stream *graph, unsigned long long flags) {
    *made = new Stream{false, graph->calls};
    return !current ? NO_CONTEXT : flags == 0 ? SUCCESS : INVALID_VALUE;
}

int cuGraphDestroy(Stream *graph) { return cuStreamDestroy_v2(graph); }

int cuGraphExecDestroy(Stream *graph) { return cuStreamDestroy_v2(graph); }

int cuGraphLaunch(Stream *graph, Stream *stream) {
    if (!current || stream->records) {
        return current ? INVALID_VALUE : NO_CONTEXT;
    }
    for (auto &call : graph->calls) {
        const int status = call();
        if (status != SUCCESS) {
            return status;
        }
    }
    return SUCCESS;
}

// For libcublas: whether a stream records, and then takes the call.
bool fake_records(Stream *stream, std::function<int()> *call) {
    if (stream->records) {
        stream->calls.push_back(*call);
    }
    return stream->records;
}

int cuStreamSynchronize(void *) { return current ? SUCCESS : NO_CONTEXT; }

int cuEventCreate(void **event, unsigned) {
    *event = stream_of_all;
    return current ? SUCCESS : NO_CONTEXT;
}

int cuEventRecord(void *, void *) { return current ? SUCCESS : NO_CONTEXT; }

int cuEventSynchronize(void *) { return current ? SUCCESS : NO_CONTEXT; }

int cuMemAlloc_v2(void **at, size_t bytes) {
    std::lock_guard<std::mutex> guard(lock);
    if (!current) {
        return NO_CONTEXT;
    }
    if (used + bytes > (size_t)number("FAKE_CUDA_BYTES", 1L << 30)) {
        return OUT_OF_MEMORY;
    }
    char *block = (char *)std::aligned_alloc(256, (bytes + 255) / 256 * 256);
    std::memset(block, 0xFF, bytes); // NaN, for who reads it before it is written
    blocks[block] = bytes;
    used += bytes;
    *at = block;
    return SUCCESS;
}

int cuMemFree_v2(void *at) {
    std::lock_guard<std::mutex> guard(lock);
    auto block = blocks.find((char *)at);
    if (!current || block == blocks.end()) {
        return current ? INVALID_VALUE : NO_CONTEXT;
    }
    used -= block->second;
    blocks.erase(block);
    std::free(at);
    return SUCCESS;
}

int cuMemHostAlloc(void **at, size_t bytes, unsigned) {
    *at = std::malloc(bytes);
    return current ? SUCCESS : NO_CONTEXT;
}

int cuMemcpyHtoDAsync_v2(void *to, const void *from, size_t bytes, void *) {
    std::lock_guard<std::mutex> guard(lock);
    if (!current || !inside(to, bytes)) {
        return current ? INVALID_VALUE : NO_CONTEXT;
    }
    std::memcpy(to, from, bytes);
    return SUCCESS;
}

int cuMemcpyDtoHAsync_v2(void *to, const void *from, size_t bytes, void *) {
    std::lock_guard<std::mutex> guard(lock);
    if (!current || !inside(from, bytes)) {
        return current ? INVALID_VALUE : NO_CONTEXT;
    }
    std::memcpy(to, from, bytes);
    return SUCCESS;
}

int cuMemsetD8Async(void *to, unsigned char value, size_t bytes, Stream *stream) {
    if (stream->records) {
        stream->calls.push_back([=] { return cuMemsetD8Async(to, value, bytes, stream_of_all); });
        return SUCCESS;
    }
    std::lock_guard<std::mutex> guard(lock);
    if (!current || !inside(to, bytes)) {
        return current ? INVALID_VALUE : NO_CONTEXT;
    }
    std::memset(to, value, bytes);
    return SUCCESS;
}

int cuMemcpyHtoDAsync(void *to, const void *from, size_t bytes, void *stream) {
    return cuMemcpyHtoDAsync_v2(to, from, bytes, stream);
}
int cuMemcpyDtoHAsync(void *to, const void *from, size_t bytes, void *stream) {
    return cuMemcpyDtoHAsync_v2(to, from, bytes, stream);
}
int cuMemAlloc(void **at, size_t bytes) { return cuMemAlloc_v2(at, bytes); }
int cuMemFree(void *at) { return cuMemFree_v2(at); }

// Where this library lies, as it is loaded: it may be by a link that is gone later.
static std::string own_folder() {
    Dl_info self;
    char file[PATH_MAX];
    if (!dladdr((void *)cuInit, &self) || !realpath(self.dli_fname, file)) {
        return "";
    }
    return std::string(file, std::strrchr(file, '/') + 1);
}
static const std::string folder_of_code = own_folder();

// The code of the text that some PTX was made of, which its first line names: "// ptx/..".
static std::string code_of(const char *ptx) {
    std::ifstream in(folder_of_code + std::string(ptx + 3, std::strchr(ptx, '\n')), std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
}

int cuModuleLoadData(Module **module, const char *image) {
    std::string code;
    if (std::strncmp(image, "// ptx/", 7) == 0) {
        code = code_of(image);
        image = code.c_str();
    }
    if (!current || std::memcmp(image, "FAKE", 4) != 0) {
        return current ? INVALID_IMAGE : NO_CONTEXT;
    }
    size_t length;
    std::memcpy(&length, image + 4, sizeof length);
    char file[] = "/tmp/fake-cuda-XXXXXX";
    int at = mkstemp(file);
    if (at < 0 || write(at, image + 4 + sizeof length, length) != (ssize_t)length) {
        return INVALID_IMAGE;
    }
    close(at);
    *module = new Module{dlopen(file, RTLD_NOW | RTLD_LOCAL)};
    unlink(file);
    return (*module)->library ? SUCCESS : INVALID_IMAGE;
}

int cuModuleGetFunction(Function **function, Module *module, const char *name) {
    void *call = dlsym(module->library, (std::string("call_") + name).c_str());
    void *thread = dlsym(module->library, "fake_thread");
    void *sizes = dlsym(module->library, (std::string("sizes_") + name).c_str());
    if (!call || !thread || !sizes) {
        return NOT_FOUND;
    }
    *function = new Function{(void (*)(void **))call, (Thread **)thread, (int (*)(unsigned long *))sizes};
    return SUCCESS;
}

// Arguments are copied: whoever launches uses their memory again.
int cuLaunchKernel(const Function *, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, Stream *, void **,
                   void **);
static int later(const Function *function, unsigned groups, unsigned threads, Stream *stream, void **all) {
    unsigned long sizes[1024];
    const int count = function->sizes(sizes);
    std::vector<std::vector<char>> values;
    for (int i = 0; i < count; i++) {
        values.emplace_back((char *)all[i], (char *)all[i] + sizes[i]);
    }
    stream->calls.push_back([=]() mutable {
        std::vector<void *> at;
        for (auto &value : values) {
            at.push_back(value.data());
        }
        return cuLaunchKernel(function, groups, 1, 1, threads, 1, 1, 0, stream_of_all, at.data(), nullptr);
    });
    return SUCCESS;
}

int cuLaunchKernel(const Function *function, unsigned groups, unsigned, unsigned, unsigned threads, unsigned, unsigned,
                   unsigned, Stream *stream, void **all, void **) {
    if (current && stream && stream->records) {
        return later(function, groups, threads, stream, all);
    }
    std::lock_guard<std::mutex> guard(lock);
    if (!current || !stream || threads == 0 || threads > MOST || groups == 0) {
        return current ? INVALID_VALUE : NO_CONTEXT;
    }
    if (!stacks) {
        stacks = (char *)mmap(nullptr, MOST * STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    }
    started = function;
    arguments = all;
    place = {{0, 0, 0}, {0, 0, 0}, {threads, 1, 1}, wait};
    *function->thread = &place;
    for (unsigned i = 0; i < groups; i++) {
        place.block.x = i;
        int status = group(threads);
        if (status != SUCCESS) {
            return status;
        }
    }
    return SUCCESS;
}
}
