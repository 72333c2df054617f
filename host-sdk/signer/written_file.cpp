#include "written_file.hpp"

#include <cerrno>
#include <fstream>
#include <system_error>

#include "crm/error.hpp"

namespace crm::signer {

namespace fs = std::filesystem;

void write_file(const fs::path& file, std::string_view text, Readers readers) {
    const fs::path draft = file.string() + ".new";
    std::error_code ignored;
    fs::remove(draft, ignored);
    // Made empty and closed to others before anything is in it.
    std::ofstream out(draft, std::ios::binary);
    fs::perms allowed = fs::perms::owner_read | fs::perms::owner_write;
    if (readers == Readers::kEverybody) allowed |= fs::perms::group_read | fs::perms::others_read;
    std::error_code failed;
    fs::permissions(draft, allowed, failed);
    if (!failed) out.write(text.data(), static_cast<std::streamsize>(text.size()));
    out.close();
    if (!failed && out.good()) fs::rename(draft, file, failed);
    if (failed || !out.good()) {
        fs::remove(draft, ignored);
        throw Error(CRM_INTERNAL, "writing " + file.string() +
                                      " failed: check that its folder is there, writable and not full");
    }
}

}  // namespace crm::signer
