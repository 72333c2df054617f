#include "module_probe.hpp"

#include <algorithm>
#include <boost/dll/runtime_symbol_info.hpp>
#include <system_error>

#include "limited_process.hpp"
#include "probe_answer.hpp"
#include "refuse.hpp"
#include "scratch_folder.hpp"

namespace crm::detail {
namespace {

namespace fs = std::filesystem;

// How much longer than its limit a module may take when it computes, or waits for the processor of a busy
// machine, all the time.
constexpr int kPatience = 8;

#ifdef CRM_SANITIZED
constexpr int kSanitizerFactor = 8;
#else
constexpr int kSanitizerFactor = 1;
#endif

fs::path program_of(const LoadOptions& options) {
    std::error_code missing;
    const fs::path program = options.probe.empty()
                                 ? boost::dll::program_location(missing).parent_path() / kProbeName
                                 : options.probe;
    if (!fs::exists(program, missing)) {
        throw Error(CRM_INTERNAL,
                    "the program that tries modules out is missing: expected " + program.string() +
                        "; found no such file. Install it there, or name it in LoadOptions::probe");
    }
    return program;
}

std::string mebibytes(std::uint64_t bytes) {
    return std::to_string(bytes / 1024 / 1024) + " MiB";
}

constexpr const char* kDefective = "The module is defective: tell its publisher; it was not loaded";

void judge(const fs::path& file, const ProcessEnd& end, const ProbeLimits& limits) {
    const ProbeAnswer answer = parse_answer(end.answer);
    const std::string where = " while " + answer.doing;
    switch (end.kind) {
        case ProcessEnd::Kind::kMemory:
            refuse(file, "a module that gets by with " + mebibytes(limits.memory) + " when it is tried out",
                   "one that asked for more" + where, kDefective);
        case ProcessEnd::Kind::kTime:
            refuse(file,
                   "a module that is ready within " + std::to_string(limits.wall.count()) +
                       " ms when it is tried out",
                   "one that hung" + where, kDefective);
        case ProcessEnd::Kind::kProcessor:
            refuse(file,
                   "a module that needs less than " + std::to_string(limits.cpu.count()) +
                       " s of processor time when it is tried out",
                   "one that went on computing" + where, kDefective);
        case ProcessEnd::Kind::kCrashed:
            refuse(file, "a module that survives being tried out", "a crash (" + end.crash + ")" + where,
                   kDefective);
        case ProcessEnd::Kind::kEscaped:
            refuse(file, "a module that leaves other processes alone",
                   "one that ended or stopped the process that watches it" + where, kDefective);
        case ProcessEnd::Kind::kExited:
            break;
    }
    switch (answer.verdict) {
        case ProbeAnswer::Verdict::kGood:
            if (!end.left) return;
            refuse(file, "a module that ends the processes it starts", "one that left some running",
                   kDefective);
        case ProbeAnswer::Verdict::kRefused:
            throw Error(CRM_INVALID, answer.text);
        case ProbeAnswer::Verdict::kNoMemory:
            refuse(file, "a module that gets by with " + mebibytes(limits.memory) + " when it is tried out",
                   "one that asked for more" + where, kDefective);
        case ProbeAnswer::Verdict::kNone:
            break;
    }
    refuse(file, "a module that leaves its host running",
           "one that ended the process (exit status " + std::to_string(end.status) + ")" + where, kDefective);
}

}  // namespace

void probe_module(const fs::path& file, const CheckedModule& module, const LoadOptions& options) {
    ProbeLimits limits = options.limits;
    limits.wall *= kSanitizerFactor;
    limits.cpu *= kSanitizerFactor;
    limits.memory *= kSanitizerFactor;
    const fs::path program = program_of(options);
    const ScratchFolder scratch("crm-probe-");
    const std::uint64_t memory = limits.memory + module.bytes.bytes().size();
    const ProcessEnd end = run_limited(program,
                                       {file.string(), path_in_child(module.bytes).string(),
                                        module.manifest.id, std::to_string(module.manifest.api_major),
                                        std::to_string(memory), std::to_string(limits.cpu.count())},
                                       module.bytes, scratch.path(),
                                       {.wall = limits.wall,
                                        .last = std::max(limits.wall, kPatience * limits.wall),
                                        .processor = limits.cpu,
                                        .commit = memory,
                                        .resident = limits.memory});
    judge(file, end, limits);
}

}  // namespace crm::detail
