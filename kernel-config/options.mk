# options.mk - which options of its configuration each object of a kernel needs, asked of the tree's own Makefiles.
#
# usage: make -s -C TREE -f options.mk >TREE/covdb.options
#        TREE: a kernel's configured build tree with its sources; nothing else is written there
# prints: OBJECT OPTION..., parted by blanks, the options without CONFIG_; of each object that Kbuild would build
#
# An object needs an option if it is not in the list without it, all other options being as they are. So each
# Makefile is read with all options, and once more without each that it names. What a folder needs, all in it
# need. What one option demands of another is Kconfig's, and not looked at.
MAKEFLAGS += -rR --no-print-directory
srctree := .
objtree := .
abs_srctree := $(CURDIR)
include include/config/auto.conf
SRCARCH := $(patsubst x86_64,x86,$(patsubst i386,x86,$(shell sed -n 's,^\# Linux/\([^ ]*\) .*,\1,p' .config)))
ARCH := $(SRCARCH)
BITS := $(if $(CONFIG_64BIT),64,32)
options := $(foreach v,$(filter CONFIG_%,$(.VARIABLES)),$(if $(filter y m,$($(v))),$(v)))
todo :=
ours :=
ours := $(.VARIABLES) file text option with lost line src obj MAKEFILE_LIST

# Lists of folders in the Makefiles at the top, of kernels before 6.1 all there are: their lines, with @ for blanks.
kinds := init core drivers net libs virt
lists := $(shell sed -nE 's/^(init|core|drivers|net|libs|virt)-[^ \t:+=]*[ \t]*[:+]?=.*/&/p' Makefile arch/$(SRCARCH)/Makefile | tr ' \t' '@@')
top = $(foreach line,$(lists),$(eval $(subst @, ,$(line))))$(foreach k,$(kinds),$(filter %/,$($(k)-y) $($(k)-m)))

# What the Makefile of folder $(src) lists: objects, those that others are made of in place of these, and folders.
objects = $(filter %/ %.o,$(obj-y) $(obj-m) $(lib-y) $(lib-m))
parts = $(foreach suffix,objs y m,$($(1:.o=)-$(suffix)))
listed = $(foreach o,$(objects),$(if $(strip $(filter %.o,$(call parts,$(o)))),$(filter %.o,$(call parts,$(o))),$(o)))
define read
$(eval obj-y :=)$(eval obj-m :=)$(eval lib-y :=)$(eval lib-m :=)$(if $(file),$(eval -include $(file)))$(if $(filter .,$(src)),$(top)) $(listed) $(foreach v,$(filter-out $(ours),$(.VARIABLES)),$(if $(filter file,$(origin $(v))),$(eval undefine $(v))))
endef

# $(1): what is listed with all options, $(2): without $(option)
compare = $(foreach o,$(filter-out $(2),$(1)),$(eval needs-$(o) += $(option)))

# Folder $(1), and the options that it needs: $(2), with commas between
define folder
$(eval src := $(1))$(eval obj := $(1))$(eval file := $(firstword $(wildcard $(1)/Kbuild) $(wildcard $(1)/Makefile)))\
$(if $(filter .,$(1)),$(eval file := $(wildcard Kbuild)))\
$(eval text := $(filter $(options),$(shell cat $(file) $(if $(filter .,$(1)),Makefile arch/$(SRCARCH)/Makefile) /dev/null | grep -o 'CONFIG_[A-Za-z0-9_]*' | sort -u)))\
$(eval with := $(sort $(read)))$(eval lost :=)\
$(foreach option,$(text),$(eval value := $($(option)))$(eval $(option) :=)$(eval lost += $(addprefix $(option):,$(filter-out $(read),$(with))))$(eval $(option) := $(value)))\
$(foreach o,$(with),$(call found,$(patsubst $(CURDIR)/%,%,$(abspath $(1)/$(o)))$(if $(filter %/,$(o)),/),$(sort $(subst $(comma), ,$(2)) $(patsubst %:$(o),%,$(filter %:$(o),$(lost))))))
endef
comma := ,
empty :=
space := $(empty) $(empty)
# An object or folder $(1), and the options that it needs: $(2)
found = $(if $(filter %/,$(1)),$(eval todo += $(1:/=):$(subst $(space),$(comma),$(2))),$(info $(1) $(2:CONFIG_%=%)))
ours += value comma empty space kinds lists top objects parts listed read compare folder found next first

define next
$(eval first := $(firstword $(todo)))$(eval todo := $(wordlist 2,$(words $(todo)),$(todo)))$(call folder,$(firstword $(subst :, ,$(first))),$(word 2,$(subst :, ,$(first))))$(if $(strip $(todo)),$(call next))
endef
todo := .
ours += todo
$(call next)
.DEFAULT_GOAL := all
all: ;
