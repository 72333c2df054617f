#include "scratch_folder.hpp"

#include <random>
#include <string>
#include <system_error>

#include "crm/error.hpp"

namespace crm::detail {

namespace fs = std::filesystem;

ScratchFolder::ScratchFolder(const std::string& prefix) {
    std::error_code failed;
    const fs::path parent = fs::temp_directory_path(failed);
    std::random_device random;
    // A name that is taken, by whomever, is not used: only what is made here is this run's own.
    bool made = false;
    for (int attempt = 0; !made && !failed && attempt < 100; ++attempt) {
        path_ = parent / (prefix + std::to_string(random()) + std::to_string(random()));
        made = fs::create_directory(path_, failed);
    }
    if (made) fs::permissions(path_, fs::perms::owner_all, failed);
    if (!made || failed) {
        throw Error(
            CRM_INTERNAL,
            "making a folder for trying out a module failed: expected a temporary folder that the host can "
            "write to; found " +
                (parent.empty() ? std::string("none") : parent.string()) + ": " + failed.message() +
                ". Name another one with TMPDIR, or make room there");
    }
}

ScratchFolder::~ScratchFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

}  // namespace crm::detail
