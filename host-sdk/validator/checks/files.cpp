// The folder that the host gives, and where the module writes.
#include <algorithm>
#include <fstream>
#include <future>
#include <iterator>
#include <system_error>

#include "catalogue.hpp"
#include "confinement.hpp"
#include "hostile.hpp"
#include "life.hpp"
#include "process_state.hpp"

namespace crm::validator {
namespace {

namespace fs = std::filesystem;

bool below(const std::string& path, const fs::path& folder) {
    return path.starts_with((folder / "").string());
}

// Each file in the places that anybody writes to without much thought, with its size and time of change.
std::vector<std::string> files_around(const Subject& subject, const fs::path& own) {
    std::vector<std::string> files;
    const auto note = [&](const fs::directory_entry& entry) {
        std::error_code ignored;
        const std::string path = entry.path().string();
        if (path == own.string() || below(path, own)) return;
        std::string line = path;
        if (entry.is_regular_file(ignored)) {
            const auto changed = entry.last_write_time(ignored).time_since_epoch().count();
            line += " of " + std::to_string(entry.file_size(ignored)) + " bytes, changed " +
                    std::to_string(changed);
        }
        files.push_back(std::move(line));
    };
    // The folder above scratch holds this check's HOME, TMPDIR and working directory.
    for (const auto& entry : fs::recursive_directory_iterator(subject.scratch().parent_path())) note(entry);
    for (const auto& entry : fs::directory_iterator(subject.file().parent_path())) note(entry);
    std::ranges::sort(files);
    return files;
}

void own_folder(Subject& subject) {
    subject.table();
    const fs::path own = subject.new_folder("a");
    const auto files = files_around(subject, own);
    const auto opened = files_open_for_writing();
    ProbeHost host(own);
    Session session(subject, host);
    session.work();
    session.status();
    for (const std::string& path : files_open_for_writing()) {
        demand(below(path, own) || std::ranges::find(opened, path) != opened.end(),
               "files open for writing below the instance's folder only", path);
    }
    session.stop(kSecond);
    session.destroy();
    std::vector<std::string> changed;
    std::ranges::set_symmetric_difference(files, files_around(subject, own), std::back_inserter(changed));
    demand(changed.empty(), "nothing new or changed outside the instance's folder",
           changed.empty() ? "" : changed.front());
}

void work_confined(Subject& subject, const fs::path& own) {
    if (!confine_writes_to(own))
        throw NotExercised{"this system can't keep a thread from writing (Linux can, with Landlock)"};
    ProbeHost host(own);
    crm_instance* instance = nullptr;
    const Outcome made = create_over(subject.table(), &host.table, &instance);
    demand(made.code == CRM_OK, "an instance that writes below its folder only",
           name_of(made.code) + " " + excerpt(made.error));
    const Session session(subject, instance);
    session.configure();
    for (int round = 0; round < subject.scenario().rounds; ++round) {
        const RunOutcome run = session.run_due(now_us(), kSecond / 20);
        demand(run.code == CRM_OK, "work that writes below its folder only",
               name_of(run.code) + " " + excerpt(run.error));
    }
    const Outcome status = session.status();
    demand(status.code == CRM_OK, "a status", name_of(status.code) + " " + excerpt(status.error));
}
void confined(Subject& subject) {
    subject.table();
    const fs::path own = subject.new_folder("a");
    try {
        // In a thread, because the confinement of one never ends.
        std::async(std::launch::async, [&] { work_confined(subject, own); }).get();
    } catch (const Failure&) {
        ProbeHost free(subject.new_folder("b"));
        const Session works(subject, free);  // else confinement is not to blame
        throw;
    }
}

void files_hostile(Subject& subject) {
    // A module that believes such a path must not harm the machine: "" is the root folder to many.
    static_cast<void>(confine_writes_to(subject.scratch().parent_path()));
    const auto file = subject.new_folder("files") / "a-file";
    std::ofstream(file) << "not a folder";
    // All below this check's own folder: a module that believes one of them must not harm the machine.
    const auto below_files = [&file](const std::string& name) {
        return file.parent_path().string() + '/' + name;
    };
    const Named paths[] = {{"empty", ""},
                           {"of a folder that is not there", (file.parent_path() / "none" / "x").string()},
                           {"of a file", file.string()},
                           {"below a file", (file / "x").string()},
                           {"of a folder nobody can write", unusable_folder()},
                           {"longer than any path", below_files(std::string(100'000, 'x'))},
                           {"cut by a NUL", below_files(std::string("a-file\0/x", 9))},
                           {"no UTF-8", below_files("\xff\xfe")}};
    std::size_t asked = 0;
    for (const Named& path : paths) {
        ProbeHost host(subject.new_folder("a"));
        host.on_directory = answering(path.text);
        live(subject, host, "a folder's path that is " + path.name);
        asked += host.seen().directories;
    }
    exercised(asked, CRM_SERVICE_FILES);
}

const Check kFiles[] = {
    {"files.own-folder", "Nothing is written outside the folder that the host gave.",
     "Backups and quotas cover that folder; other places belong to others.", "abi.h, crm_files.directory",
     "Ask files for the folder; keep temporary files there too.", own_folder},
    {"files.confined", "It works when the system forbids it to write anywhere else.",
     "Hosts run with read-only systems.", "abi.h, crm_files.directory",
     "Ask files for the folder; keep temporary files there too.", confined},
    {"files.hostile", "A folder that can't be used is refused with a text, or done without.",
     "Disks fill up, paths are mistyped.", "abi.h, crm_files", "Look at the result of each opening.",
     files_hostile, 120}};

}  // namespace

Checks files_checks() {
    return kFiles;
}

}  // namespace crm::validator
