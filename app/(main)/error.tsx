'use client'
import { Crash } from '@/components/shell/crash'

export default Crash
