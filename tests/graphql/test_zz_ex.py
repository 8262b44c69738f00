"""Rewrites the answers under a page's examples by what the seeded database says."""
import json, re, asyncio, sys
import pytest, orjson
from tests.graphql.test_readme import *
def dump(v, ind=0):
    pad="  "*ind
    one=json.dumps(v,ensure_ascii=False)
    if not isinstance(v,(dict,list)) or len(one)+2*ind<=100 and (not isinstance(v,dict) or not any(isinstance(x,(dict,list)) for x in v.values())): return one
    if isinstance(v,dict): return "{\n"+",\n".join(f"{pad}  {json.dumps(k)}: {dump(x,ind+1)}" for k,x in v.items())+f"\n{pad}}}"
    return "[\n"+",\n".join(f"{pad}  {dump(x,ind+1)}" for x in v)+f"\n{pad}]"
@pytest.mark.parametrize("page", PAGES)
def test_x(run, copy_seeded, page):
    pools, operations, named = Pools(copy_seeded(), 1), Operations(compiled_schema()), {}
    text=text_of(page)
    for m in EXAMPLE.finditer(text):
        ex=Example(m[1],m[2],json.loads(m[3]))
        doc=ex.document
        for n,v in named.items(): doc=doc.replace(f'"{n}"',f'"{v}"')
        op=operations.get(doc,None)
        a=orjson.loads(run(op.answer(op.variables({}),ex.caller,pools)).body)
        if "errors" in a: print("ERR",doc,a); continue
        try: got=match(ex.answer,a["data"],named)
        except Exception as e: got=a["data"]
        if got!=ex.answer:
            print("=====",page); print(doc); print("--- old"); print(m[3]); print("--- new"); print(dump(got))
    pools.close()
