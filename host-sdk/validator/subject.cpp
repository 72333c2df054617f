#include "subject.hpp"

#include <boost/dll/shared_library.hpp>
#include <fstream>
#include <iterator>
#include <system_error>

#include "check.hpp"
#include "connector_proxy.hpp"
#include "crm/error.hpp"
#include "file_check.hpp"
#include "image_check.hpp"
#include "system_loader.hpp"

namespace crm::validator {
namespace {

namespace fs = std::filesystem;
namespace dll = boost::dll;

[[noreturn]] void needs(const char* check) {
    throw NotExercised{std::string(check) + " fails, so this could not be judged"};
}

}  // namespace

fs::path Subject::manifest_file() const {
    return fs::path(file_).replace_extension(".json");
}

fs::path Subject::new_folder(const std::string& name) const {
    fs::path folder = scratch_ / name;
    fs::create_directories(folder);
    return folder;
}

std::span<const std::byte> Subject::bytes() {
    if (!sealed_) {
        try {
            const detail::OpenFile opened = detail::open_regular(file_, "module file");
            if (opened.size > detail::kMaxModuleSize) needs("file.trusted");
            sealed_.emplace(opened.descriptor.get(), static_cast<std::size_t>(opened.size), file_);
        } catch (const Error&) {
            needs("file.trusted");
        }
    }
    return sealed_->bytes();
}

const ModuleImage& Subject::image() {
    if (!image_) {
        const auto read = bytes();
        try {
            detail::check_whole_image(file_, read);
            image_.emplace(read);
        } catch (const Error&) {
            needs("file.elf");
        }
    }
    return *image_;
}

std::string Subject::manifest_text() const {
    std::ifstream in(manifest_file(), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

const Manifest& Subject::manifest() {
    if (!manifest_) {
        // Not by read_manifest, which also judges the file's owner: that is another check's affair.
        try {
            manifest_ = parse_manifest(manifest_text());
        } catch (const Error&) {
            needs("manifest.valid");
        }
    }
    return *manifest_;
}

const crm_entry* Subject::map() {
    image();
    try {
        // Never closed: a module with threads can't be unloaded safely, and this process ends soon.
        auto* const library = new dll::shared_library(sealed_->path(), detail::system_load_mode());
        sealed_->keep_open();
        if (library->has("crm_module_entry")) {
            entry_function_ = &library->get<const crm_entry*()>("crm_module_entry");
        }
    } catch (const std::system_error& failure) {
        throw Error(CRM_INVALID, detail::load_failure(failure).text);
    }
    if (entry_function_ == nullptr) throw Error(CRM_NOT_FOUND, "no crm_module_entry");
    return entry_ = entry_function_();
}

const crm_entry* Subject::mapped() {
    if (entry_ != nullptr) return entry_;
    try {
        map();
    } catch (const Error& failure) {
        needs(failure.code() == CRM_NOT_FOUND ? "binary.entry" : "entry.loads");
    }
    if (entry_ == nullptr) needs("entry.present");
    return entry_;
}

const crm_entry& Subject::entry() {
    const crm_entry* const found = mapped();
    if (found->magic != CRM_ENTRY_MAGIC) needs("entry.magic");
    if (found->struct_size < sizeof(crm_entry) || found->query == nullptr) needs("entry.size");
    if (found->major != CRM_ABI_MAJOR) needs("entry.major");
    return *found;
}

const crm_connector& Subject::table() {
    constexpr std::string_view kName = CRM_INTERFACE_CONNECTOR;
    const auto* const found = static_cast<const crm_connector*>(entry().query(kName.data(), kName.size()));
    if (!detail::is_whole(found)) needs("entry.connector");
    return *found;
}

}  // namespace crm::validator
